// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/contentrange.h"
#include "app/get/safename.h"
#include "app/get/transferimpl.h"

#include <sys/stat.h>

namespace spillway::get {

namespace {

/// A server that has never answered is most likely a wrong address: the user should hear of it soon.
constexpr unsigned kTriesBeforeAnswer = 3;
/// Below this a HEAD before the GET costs more than ranges would save.
constexpr std::uint64_t kAskedAtOnce = 256U << 10;

std::string statusText(const AnswerHead& head)
{
    return "the server answers " + std::to_string(head.status);
}

bool hasType(const AnswerHead& head, std::string_view type)
{
    return std::string_view(head.contentType).substr(0, type.size()) == type;
}

} // namespace

void Transfer::Impl::startSingle()
{
    single.head = {};
    single.lastByte = clock.monotonic();
    note.clear();
    switch (phase) {
    case Phase::ProbeHead:
        if (!wanted.output.empty() && restarts == 0 && !options.replace && wanted.listedModified) {
            path = wanted.output;
            if (isThere(wanted.listedSize, wanted.listedModified))
                return;
            path.clear();
        }
        if (wanted.listedSize && *wanted.listedSize <= kAskedAtOnce && restarts == 0 &&
            !wanted.output.empty()) {
            noRanges = true;
            return prepare();
        }
        return startRequest(single.request, true, {"Want-Repr-Digest: sha-256=10"}, single);
    case Phase::ProbeRange:
        return startRequest(single.request, false, {"Range: bytes=0-0", "Want-Repr-Digest: sha-256=10"},
                            single);
    default:
        streamed = 0;
        return startRequest(single.request, false, {}, single);
    }
}

void Transfer::Impl::lookAfterSingle(Monotonic now)
{
    if (!single.request) {
        if (now >= notBefore && hasPlace())
            startSingle();
        return;
    }
    if (client.isHeld(*single.request))
        single.lastByte = now;
    const auto most = single.head.status == 0 ? options.answerTimeout : options.stallTimeout;
    if (now - single.lastByte < most)
        return;
    cancelRequest(single.request);
    singleEnd(
        {RequestEnd::Cause::Cut,
         "nothing came for " + std::to_string(std::chrono::ceil<std::chrono::seconds>(most).count()) + " s"});
}

bool Transfer::Impl::singleHead(const AnswerHead& head)
{
    single.head = head;
    single.lastByte = clock.monotonic();
    answered = true;
    if (phase == Phase::ProbeHead)
        return true;
    if (phase == Phase::ProbeRange)
        return head.status == 206;
    if (head.status != 200)
        return false;
    const RemoteFile now = describe(head, unixNow());
    // It begins at its start: whatever was known before, this is the version that is fetched.
    const auto digest = sameVersion(remote, now) ? remote.digest : std::nullopt;
    remote = now;
    if (!remote.digest)
        remote.digest = digest;
    if (remote.size && *remote.size > 0)
        if (auto room = part->begin(Sha256{}, {}, *remote.size, {Span{0, *remote.size}}); !room)
            localError = room.error();
    return !localError;
}

bool Transfer::Impl::singleBody(std::string_view bytes)
{
    single.lastByte = clock.monotonic();
    received += bytes.size();
    if (phase != Phase::Stream)
        return true;
    if (auto written = part->write(streamed, bytes); !written) {
        localError = written.error();
        return false;
    }
    streamed += bytes.size();
    return true;
}

void Transfer::Impl::singleEnd(const RequestEnd& end)
{
    endRequest(single.request);
    if (localError)
        return failLocal(*localError);
    phase == Phase::Stream ? streamEnd(end) : probeEnd(end);
}

/// Later requests go where this one was answered.
void Transfer::Impl::followAnswer(const AnswerHead& head)
{
    if (auto url = parseUrl(head.url))
        current = std::move(*url);
}

/// A folder's page is fetched as the folder's archive, where the server makes one; else as the page that it
/// is. True: another address has to be probed first.
bool Transfer::Impl::askForFolder(const AnswerHead& head, bool good)
{
    const auto again = [this](Url url, Folder next) {
        current = std::move(url);
        folder = next;
        phase = headRefused ? Phase::ProbeRange : Phase::ProbeHead;
        return true;
    };
    if (folder == Folder::Asked)
        return good && hasType(head, "application/zip") ? false : again(page, Folder::Page);
    if (!good || folder == Folder::Page || !current.path.ends_with('/') || !hasType(head, "text/html"))
        return false;
    page = current;
    auto archive = parseUrl(withParameter(current, "zip"));
    return archive && again(std::move(*archive), Folder::Asked);
}

void Transfer::Impl::probeEnd(const RequestEnd& end)
{
    const AnswerHead& head = single.head;
    if (end.cause == RequestEnd::Cause::Refused)
        return fail(FailureKind::Broken, end.message);
    if (head.status == 0) {
        headRefused = true; // some servers close the connection at a HEAD
        phase = Phase::ProbeRange;
        return retrySingle(end.message, FailureKind::Broken);
    }
    const bool good = phase == Phase::ProbeHead
                          ? head.status >= 200 && head.status < 300 && head.status != 206
                          : head.status == 200 || head.status == 206;
    if (good)
        followAnswer(head);
    const bool busy = !good && judgeStatus(head.status).kind == FailureKind::Busy;
    if (!busy && askForFolder(head, good))
        return;
    if (good) {
        remote = describe(head, unixNow());
        noRanges = noRanges || (phase == Phase::ProbeRange && head.status == 200);
        backoff.progressed();
        if (phase == Phase::ProbeHead && !remote.size && !remote.validator.empty() && !remote.rangesRefused) {
            phase = Phase::ProbeRange; // a HEAD need not say how long it is, a part must
            return;
        }
        return prepare();
    }
    if (phase == Phase::ProbeRange && head.status == 416) {
        // No first byte: an empty file, or a server that takes no ranges.
        noRanges = true;
        return prepare();
    }
    if (phase == Phase::ProbeHead && judgeStatus(head.status).kind != FailureKind::Busy) {
        headRefused = true; // GET has the last word
        phase = Phase::ProbeRange;
        return;
    }
    judgeSingle(head);
}

void Transfer::Impl::judgeSingle(const AnswerHead& head)
{
    const StatusVerdict verdict = judgeStatus(head.status);
    if (verdict.again)
        return retrySingle(statusText(head), verdict.kind);
    fail(verdict.kind, statusText(head), head.status);
}

void Transfer::Impl::retrySingle(const std::string& why, FailureKind kind)
{
    const auto retryAfter = parseRetryAfter(single.head.retryAfter, clock.wall());
    const auto wait = backoff.failed(random(), retryAfter);
    if (!wait || (!answered && backoff.failures() >= kTriesBeforeAnswer))
        return fail(kind, why, single.head.status, retryAfter);
    note = why;
    notBefore = clock.monotonic() + *wait;
    watcher.onRetry(why, *wait);
}

void Transfer::Impl::streamEnd(const RequestEnd& end)
{
    const AnswerHead& head = single.head;
    if (end.cause == RequestEnd::Cause::Refused)
        return fail(FailureKind::Broken, end.message);
    if (head.status != 0 && head.status != 200)
        return judgeSingle(head);
    if (end.cause == RequestEnd::Cause::Whole && (!remote.size || *remote.size == streamed)) {
        remote.size = streamed;
        return startChecking();
    }
    const std::string why =
        end.cause == RequestEnd::Cause::Whole ? "the answer was shorter than its head said" : end.message;
    single.head.retryAfter.clear();
    retrySingle(why + "; this server offers no way to continue, so it begins again", FailureKind::Broken);
    if (phase == Phase::Stream && !beginStream())
        return;
}

void Transfer::Impl::prepare()
{
    if (!choosePath() || (!part && !openPart()))
        return;
    // With a digest the end tells whether the parts belong together, where no tag does.
    const std::string key = !remote.validator.empty() ? remote.validator
                            : remote.digest           ? "sha-256:" + hexText(*remote.digest)
                                                      : std::string();
    if (remote.size && *remote.size > 0 && !remote.rangesRefused && !noRanges && !key.empty())
        return beginRanges(key);
    if (!beginStream())
        return;
    phase = Phase::Stream;
    watcher.onBegin(path, remote.size, 0);
}

bool Transfer::Impl::beginStream()
{
    auto begun = part->beginStream();
    if (!begun)
        failLocal(begun.error());
    streamed = 0;
    return begun.has_value();
}

/// A file of this size and of the time that a finished download is given: it was fetched before.
bool Transfer::Impl::isThere(std::optional<std::uint64_t> size, std::optional<std::int64_t> modified)
{
    struct stat there
    {
    };
    if (!size || !modified || ::stat(path.c_str(), &there) != 0 || !S_ISREG(there.st_mode) ||
        static_cast<std::uint64_t>(there.st_size) != *size || there.st_mtim.tv_sec != *modified)
        return false;
    wasThere = true;
    remote.size = size;
    phase = Phase::Over;
    return true;
}

bool Transfer::Impl::choosePath()
{
    if (!path.empty())
        return true;
    path = wanted.output;
    if (path.empty()) {
        const std::string name = chooseName(remote.disposition, wanted.url.path);
        path = wanted.directory.empty() ? name : wanted.directory + "/" + name;
    }
    replace = options.replace || wanted.replace;
    struct stat there
    {
    };
    if (replace || ::stat(path.c_str(), &there) != 0)
        return true;
    if (isThere(remote.size ? remote.size : wanted.listedSize, remote.modified))
        return false;
    fail(FailureKind::Local, path + " is there already; --overwrite replaces it, -o FILE names another");
    return false;
}

bool Transfer::Impl::openPart()
{
    auto opened = PartFile::open(path);
    if (!opened) {
        failLocal(opened.error());
        return false;
    }
    part.emplace(std::move(*opened));
    return true;
}

} // namespace spillway::get
