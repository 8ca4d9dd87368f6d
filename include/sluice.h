/* SPDX-License-Identifier: ISC */
/* sluice.h: all of the library's public headers. */
#ifndef SLUICE_H
#define SLUICE_H

#include "sluice/ahead.h"
#include "sluice/base64.h"
#include "sluice/bio.h"
#include "sluice/buf.h"
#include "sluice/copy.h"
#include "sluice/count.h"
#include "sluice/deflate.h"
#include "sluice/fd.h"
#include "sluice/file.h"
#include "sluice/hash.h"
#include "sluice/hex.h"
#include "sluice/identity.h"
#include "sluice/limit.h"
#include "sluice/lines.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/pair.h"
#include "sluice/pull.h"
#include "sluice/rand.h"
#include "sluice/recipient.h"
#include "sluice/seal.h"
#include "sluice/secret.h"
#include "sluice/status.h"
#include "sluice/tap.h"
#include "sluice/tcp.h"
#include "sluice/tee.h"
#include "sluice/trace.h"
#include "sluice/unseal.h"
#include "sluice/version.h"
#include "sluice/view.h"
#include "sluice/wait.h"
#include "sluice/words.h"

#endif
