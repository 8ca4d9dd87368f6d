/* SPDX-License-Identifier: ISC */
/* alert.h: the alerts of TLS (RFC 8446, section 6; RFC 5246, section 7.2). */
#ifndef SLUICE_TLS_ALERT_H
#define SLUICE_TLS_ALERT_H

#include "sluice/status.h"

/* Fail with SLU_ERR_PEER, which ended the connection with this alert. */
slu_status slu_alert_fail(int alert) SLU_CHECKED;

#endif
