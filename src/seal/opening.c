/* SPDX-License-Identifier: ISC */
#include "opening.h"

#include "match.h"
#include "sluice/secret.h"

static void
tell(const slu_opening *o, const slu_match_told *found)
{
	if (o->told.over_limit != NULL)
		*o->told.over_limit = found->over_limit;
	if (o->told.foreign != NULL)
		*o->told.foreign = found->foreign;
}

void
slu_opening_begin(
    slu_opening *o, slu_identities *ids, const slu_unseal_options *options)
{
	o->ids = slu_identities_hold(ids);
	if (options != NULL)
		o->told = *options;
	tell(o, &(slu_match_told){ 0 });
}

static slu_status
read_header(slu_opening *o, const void *data, size_t len, size_t *used)
{
	slu_match_told found = { 0 };
	slu_status st;

	st = slu_parser_feed(&o->parser, data, len, used);
	if (st == SLU_WANT_READ)
		return st;
	if (st == SLU_OK)
		st = slu_match(o->ids, &o->parser, o->file_key, &found);
	tell(o, &found);
	/* Opened or not, neither is of any use from here on. */
	slu_identities_free(o->ids);
	o->ids = NULL;
	slu_parser_free(&o->parser);
	o->matched = true;
	return st;
}

slu_status
slu_opening_feed(slu_opening *o, const void *data, size_t len, size_t *used,
    unsigned char key[SLU_KEY_SIZE])
{
	const unsigned char *bytes = data;
	slu_status st;

	*used = 0;
	if (!o->matched) {
		st = read_header(o, bytes, len, used);
		if (st)
			return st;
	}
	if (len - *used < SLU_PAYLOAD_NONCE)
		return SLU_WANT_READ;
	st = slu_kdf_payload(key, o->file_key, bytes + *used);
	slu_wipe(o->file_key, sizeof(o->file_key));
	*used += SLU_PAYLOAD_NONCE;
	return st;
}

slu_status
slu_opening_cut(const slu_opening *o)
{
	if (!o->matched)
		return slu_parser_cut(&o->parser);
	return slu_fail(
	    SLU_ERR_TRUNCATED, "unseal: truncated within the header");
}

void
slu_opening_free(slu_opening *o)
{
	slu_identities_free(o->ids);
	o->ids = NULL;
	slu_parser_free(&o->parser);
	slu_wipe(o->file_key, sizeof(o->file_key));
}
