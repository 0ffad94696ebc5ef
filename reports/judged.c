/* SPDX-License-Identifier: MIT */
#include "reports/judged.h"

#include "reports/host_class.h"

#include "base/banned.h"

bool judged_read(const struct judge *judge, const struct rows *rows, size_t row,
		 struct slice host_class, struct arena *arena, struct judged *judged)
{
	if (!streams_decode(rows, row, judge->domains, arena, &judged->stream))
		return false;
	judged->evidence =
		evidence_of_record(judge, &judged->stream.policy, &judged->stream.record);
	/* a class that another version made is that of an address of which nothing is known */
	if (!host_class_parse(host_class, &judged->evidence.host, &judged->stream.record.source_ip))
		judged->evidence.host = (struct host){ .state = HOST_NOT_LOOKED_UP };
	return true;
}

bool judged_row(const struct judge *judge, const struct rows *rows, size_t row, struct arena *arena,
		struct judged *judged)
{
	const struct stream_seen seen = streams_seen(rows, row);

	if (!judged_read(judge, rows, row, seen.host_class, arena, judged))
		return false;
	judged->seen = seen;
	judge_record(judge, &judged->evidence, &judged->judgement);
	judged->subject = (struct remedy_subject){ judge, &judged->evidence, &judged->judgement };
	return true;
}
