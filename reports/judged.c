/* SPDX-License-Identifier: MIT */
#include "reports/judged.h"

#include "reports/host_class.h"

#include "base/banned.h"

bool judged_row(const struct judge *judge, const struct rows *rows, size_t row, struct arena *arena,
		struct judged *judged)
{
	if (!streams_decode(rows, row, judge->domains, arena, &judged->stream))
		return false;
	judged->seen = streams_seen(rows, row);
	judged->evidence =
		evidence_of_record(judge, &judged->stream.policy, &judged->stream.record);
	/* a class that another version made says nothing */
	if (!host_class_parse(judged->seen.host_class, &judged->evidence.host,
			      &judged->stream.record.source_ip))
		judged->evidence.host = (struct host){ .state = HOST_NOT_LOOKED_UP };
	judge_record(judge, &judged->evidence, &judged->judgement);
	judged->subject = (struct remedy_subject){ judge, &judged->evidence, &judged->judgement };
	return true;
}
