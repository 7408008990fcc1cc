// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/remotefile.h"

#include "app/get/contentrange.h"
#include "app/get/journal.h"
#include "server/http/httpdate.h"

namespace spillway::get {

RemoteFile describe(const AnswerHead& head, std::int64_t now)
{
    RemoteFile file;
    if (head.status == 206) {
        if (const auto range = parseContentRange(head.contentRange))
            file.size = range->total;
    } else {
        file.size = parseLength(head.contentLength);
    }
    file.rangesRefused = head.acceptRanges == "none";
    file.rangesPromised = head.status == 206 || head.acceptRanges == "bytes";
    file.etag = head.etag;
    file.lastModified = head.lastModified;
    const auto date = http::parseHttpDate(head.date, now);
    file.modified = http::parseHttpDate(head.lastModified, now);
    const bool strongTag = head.etag.size() >= 2 && head.etag.front() == '"' && head.etag.back() == '"' &&
                           head.etag.size() <= kMostValidatorBytes;
    if (strongTag)
        file.validator = head.etag;
    else if (head.etag.empty() && file.modified && date && *date - *file.modified >= 1)
        file.validator = head.lastModified;
    file.digest = sha256Of(head.reprDigest);
    if (!file.digest && head.status == 200)
        file.digest = sha256Of(head.contentDigest);
    file.disposition = head.disposition;
    return file;
}

bool sameVersion(const RemoteFile& known, const RemoteFile& now)
{
    const auto differ = [](const auto& a, const auto& b) { return !a.empty() && !b.empty() && a != b; };
    if (known.size && now.size && *known.size != *now.size)
        return false;
    if (known.digest && now.digest && *known.digest != *now.digest)
        return false;
    return !differ(known.etag, now.etag) && !differ(known.lastModified, now.lastModified);
}

} // namespace spillway::get
