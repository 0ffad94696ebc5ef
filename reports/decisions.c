/* SPDX-License-Identifier: MIT */
#include "reports/decisions.h"

#include "base/banned.h"

/*
 * What counts is how it stands now: a key that passes again is right, however long it failed, and one
 * that passed long ago has been lost since.
 */
enum key_decision decide_key(const struct key_seen *seen)
{
	if (seen->passes && seen->last_pass >= seen->last_failure - KEY_DAYS)
		return KEY_RIGHT;
	return seen->direct_reporters >= ENOUGH_REPORTERS ? KEY_WRONG : KEY_UNTOLD;
}

static bool is_less_than_ignored(uint64_t part, uint64_t all)
{
	return (double)part * 100 < (double)all * IGNORED_PERCENT;
}

enum lookup_decision decide_lookup(const struct lookup_seen *seen)
{
	if (seen->never_passes || seen->reporters >= ENOUGH_REPORTERS || seen->days >= ENOUGH_DAYS)
		return LOOKUP_OURS;
	return is_less_than_ignored(seen->messages, seen->all_mail) ? LOOKUP_IGNORED
								    : LOOKUP_UNTOLD;
}

enum fallback_decision decide_fallback(const struct fallback_seen *seen)
{
	if (!seen->own_envelope)
		return FALLBACK_NONE;
	if (!seen->signed_by_customer)
		return FALLBACK_UNTOLD;
	return seen->same_account ? FALLBACK_SEEN : FALLBACK_NONE;
}

enum unsigned_decision decide_unsigned(const struct unsigned_seen *seen)
{
	if (!seen->signed_elsewhere)
		return UNSIGNED_UNTOLD;
	return seen->listed ? UNSIGNED_PARTLY : UNSIGNED_NOT_LISTED;
}

enum unseen_decision decide_unseen(const struct unseen_pass *seen)
{
	if (seen->fault_elsewhere)
		return UNSEEN_FAULT;
	return seen->copies_nothing ? UNSEEN_OMITTED : UNSEEN_UNTOLD;
}

bool decide_ownership(const struct ownership_seen *seen)
{
	return seen->rule || seen->own_domain || seen->passes || seen->own_envelope;
}
