/* SPDX-License-Identifier: MIT */
/*
 * Every bound on what a mail may cost us, with its reason. Reaching one is ERR_LIMIT, the outcome
 * "too large": never "broken", and the mail stays where it was.
 */
#ifndef PARSER_LIMITS_H
#define PARSER_LIMITS_H

#include <stdint.h>

/* One mail. The largest mailbox providers accept 25 to 50 MiB. */
#define LIMIT_MAIL_BYTES (UINT64_C(64) << 20)

/* Parts of a mail that are looked at; reports come in one, a forwarded one in three. */
#define LIMIT_MIME_PARTS 256

/*
 * What a mail may have before GMime sees it, which builds the whole tree before anyone can count:
 * 64 MiB of empty parts take 17 GB and 18 s in it, of short headers 6.4 GB. A busy mail has a hundred
 * header lines, each below a kilobyte; a list's digest some dozens of parts.
 */
#define LIMIT_MIME_BOUNDARY_LINES 256
#define LIMIT_MIME_HEADER_LINES   2000
#define LIMIT_MIME_PART_HEADER    (UINT64_C(256) << 10)
#define LIMIT_MIME_HEADERS        (UINT64_C(2) << 20) /* of all parts: GMime keeps thrice as much */

/*
 * One line of a header. A line of a body may be as long as it likes: XML that is not encoded may be all
 * one line, and GMime passes it on in pieces of 4 KiB.
 */
#define LIMIT_MIME_LINE (UINT64_C(64) << 10)

/* Text before the first and behind the last part, which GMime keeps; it is a sentence, if anything. */
#define LIMIT_MIME_LOOSE (UINT64_C(1) << 20)

/* Comparisons of a line with a boundary: GMime compares each line that may be one with all of them. */
#define LIMIT_MIME_COMPARISONS UINT64_C(100000000)

/* Nesting of multiparts and forwarded messages; reports need 3. */
#define LIMIT_MIME_DEPTH 16

/* Members of a zip, read from its end record before the library builds its table of them. */
#define LIMIT_ZIP_MEMBERS 64

/* Reports one behind the other in one file or gzip: somebody may keep those of a year so, a day each. */
#define LIMIT_DOCUMENTS 1000

/* Gzip in gzip and zip in zip exist in the wild, once. */
#define LIMIT_NESTING 3

/* An archive above this is kept in an unlinked file: a zip must be seekable, memory is bounded. */
#define LIMIT_ARCHIVE_IN_MEMORY (UINT64_C(4) << 20)

/* Inflated bytes of one mail, over all its parts and layers together. */
#define LIMIT_INFLATED_BYTES (UINT64_C(4) << 30)

/*
 * Real reports pack 15 to 50 times, deflate reaches 1,032 a layer. The ratio counts only past the
 * first bytes, since a tiny report may well pack better than a large one.
 */
#define LIMIT_INFLATED_RATIO 100
#define LIMIT_INFLATED_FREE  (UINT64_C(16) << 20)

/*
 * Bytes, packed and unpacked, that are walked through again to mend reports of one mail, over all of
 * them together: a mail of many broken reports is read from its start for each.
 */
#define LIMIT_REREAD_BYTES (UINT64_C(4) << 30)

/* Records of one mail: 12.5 MB of tiny well-formed records inflate to 95 million rows. */
#define LIMIT_RECORDS UINT64_C(10000000)

/*
 * Bytes of XML that the records of a document have on average, past the first ones: an address, a count
 * and a domain in their tags are three times as many. Ten million rows of nothing need not be met first.
 */
#define LIMIT_RECORD_MEAN_BYTES UINT64_C(64)
#define LIMIT_RECORDS_FREE      UINT64_C(10000)

/*
 * Seconds of processor time of one mail, whatever was overlooked, and one more for so many bytes that
 * it unpacks to: the slowest honest reports take a tenth of that.
 */
#define LIMIT_SECONDS           UINT64_C(60)
#define LIMIT_BYTES_OF_A_SECOND (UINT64_C(20) << 20)

/* Depth of elements; a report needs 6. */
#define LIMIT_XML_DEPTH 32

/* Unknown element and attribute names: 8 MB of distinct ones take 14 s in libxml2's dictionary. */
#define LIMIT_UNKNOWN_NAMES 1000

/*
 * Attributes of one element, and bytes of one tag, comment or the like, which libxml2 must have whole:
 * it compares each attribute with all others of its tag, so a tag of 10 MB would take minutes.
 */
#define LIMIT_XML_ATTRIBUTES  256
#define LIMIT_XML_TOKEN_BYTES INT64_C(262144)

/* One text value; the rest is cut and marked (quirk text-cut). human_result essays exist. */
#define LIMIT_TEXT_BYTES 65536

/* A domain, selector or word: DNS allows 253, an index row holds not much more. */
#define LIMIT_NAME_BYTES 255

/* Messages of one record: two hostile counts must not overflow a sum. */
#define LIMIT_COUNT (UINT64_C(1) << 40)

/* Results and reasons of a record; RFC 9990 allows 100 signatures. The rest is counted and marked. */
#define LIMIT_DKIM_RESULTS 100
#define LIMIT_SPF_RESULTS  16
#define LIMIT_REASONS      16

/* Errors a reporter lists in the metadata. */
#define LIMIT_REPORT_ERRORS 16

/* What the fields of one report, without its records, may take in memory. */
#define LIMIT_REPORT_MEMORY (UINT64_C(1) << 20)

/* What one record may take: its texts at their limits would be more, so this bound counts first. */
#define LIMIT_RECORD_MEMORY (UINT64_C(1) << 20)

#endif
