/* SPDX-License-Identifier: MIT */
#include "reports/labels.h"

#include "base/banned.h"

enum verdict verdict_unnamed_kind(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ALIGNED_BOTH:
	case VERDICT_FORWARDED_DKIM_SURVIVED:
	case VERDICT_ALIGNED_DKIM_ONLY:
	case VERDICT_ALIGNED_SPF_ONLY:
		return VERDICT_ALIGNED_BOTH;
	case VERDICT_STRICT_MODE_MISALIGNMENT:
	case VERDICT_MAILING_LIST:
	case VERDICT_FORWARDED_BROKEN:
	case VERDICT_SENDER_NOT_AUTHENTICATED:
	case VERDICT_OWN_SERVER_NOT_AUTHORISED:
	case VERDICT_UNKNOWN_SENDER:
	case VERDICT_UNDETERMINED:
	case VERDICT_LIKELY_SPOOF:
		return verdict;
	}
	return verdict;
}

const char *label_of_verdict(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ALIGNED_BOTH:
	case VERDICT_FORWARDED_DKIM_SURVIVED:
	case VERDICT_ALIGNED_DKIM_ONLY:
		return "ok";
	case VERDICT_ALIGNED_SPF_ONLY:
		return "SPF alone";
	case VERDICT_STRICT_MODE_MISALIGNMENT:
		return "strict mode";
	case VERDICT_MAILING_LIST:
		return "mailing list";
	case VERDICT_FORWARDED_BROKEN:
		return "forwarded";
	case VERDICT_SENDER_NOT_AUTHENTICATED:
		return "not set up";
	case VERDICT_OWN_SERVER_NOT_AUTHORISED:
		return "own server";
	case VERDICT_UNKNOWN_SENDER:
		return "identify it";
	case VERDICT_UNDETERMINED:
		return "not told";
	case VERDICT_LIKELY_SPOOF:
		return "spoofed";
	}
	return "";
}

const char *label_of_failure(enum verdict verdict)
{
	return verdict_unnamed_kind(verdict) == VERDICT_ALIGNED_BOTH ? "reporter"
								     : label_of_verdict(verdict);
}

struct slice label_of_sender(const struct sender *service, enum verdict verdict)
{
	if (service)
		return service->name;
	if (verdict == VERDICT_LIKELY_SPOOF)
		return SLICE("(likely spoofed)");
	if (verdict == VERDICT_FORWARDED_BROKEN)
		return SLICE("(forwarded)");
	if (verdict_unnamed_kind(verdict) == VERDICT_ALIGNED_BOTH)
		return SLICE("(your own, or not listed)");
	return SLICE("(not identified)");
}
