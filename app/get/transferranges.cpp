// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/contentrange.h"
#include "app/get/transferimpl.h"

#include <algorithm>

namespace spillway::get {

namespace {

using std::chrono::milliseconds;

/// A smaller file is fetched again sooner than its journal is written.
constexpr std::uint64_t kJournalFrom = 1U << 20;
/// What kill -9 may lose, at most, or what came in kNoteEvery.
constexpr std::uint64_t kNoteBytes = 2U << 20;
constexpr milliseconds kNoteEvery{1000};
constexpr milliseconds kLookEvery{50};
/// A connection without a byte while others get theirs: its path is bad, another may be better.
constexpr milliseconds kStallBesideOthers{3000};
constexpr milliseconds kMoving{1000};
/// Before that a rate says how the connection began, not how fast it is.
constexpr milliseconds kMeasured{1500};
constexpr milliseconds kRaiseLimitAfter{30'000};
/// A connection that was cut after fewer bytes waits a little before the next.
constexpr std::uint64_t kWorthAtOnce = 64U << 10;
/// Parts in a row whose bytes are not those of their digests: the server, or what stands before it, is
/// broken.
constexpr unsigned kMostDamaged = 5;

} // namespace

void Transfer::Impl::beginRanges(const std::string& key)
{
    const std::uint64_t size = *remote.size;
    const Sha256 url = hashOf(wanted.url.text);
    const bool journalled = size >= kJournalFrom;
    std::vector<Span> missing{Span{0, size}};
    if (journalled) {
        if (auto known = part->resumable(url, key, size))
            missing = std::move(*known);
    }
    if (auto begun = part->begin(url, journalled ? key : std::string(), size, missing); !begun)
        return failLocal(begun.error());
    phase = Phase::Ranges;
    const std::uint64_t here = size - totalLength(missing);
    continued = here > 0;
    PlanOptions planned;
    planned.size = size;
    planned.connections = options.connections;
    // Where nothing was promised, one of them tries.
    limit = remote.rangesPromised ? options.connections : 1;
    raiseLimitAt = clock.monotonic() + kRaiseLimitAfter;
    planned.fixed = options.fixedSegments;
    plan.emplace(planned, std::move(missing));
    slots.clear();
    for (unsigned i = 0; i < options.connections; ++i)
        slots.push_back(std::make_unique<Slot>(*this, i));
    nextLook = {};
    nextNote = clock.monotonic() + kNoteEvery;
    notedAt = received;
    watcher.onBegin(path, size, here);
}

unsigned Transfer::Impl::runningSlots() const
{
    return static_cast<unsigned>(std::count_if(slots.begin(), slots.end(),
                                               [](const auto& slot) { return slot->request.has_value(); }));
}

bool Transfer::Impl::anyMoving(Monotonic now) const
{
    return std::any_of(slots.begin(), slots.end(), [&](const auto& slot) {
        return slot->request && slot->got > 0 && now - slot->lastByte < kMoving;
    });
}

void Transfer::Impl::tickRanges(Monotonic now)
{
    keepJournal(now);
    if (plan->isComplete() && !localError)
        return startChecking();
    if (!slotsChanged && now < nextLook)
        return;
    slotsChanged = false;
    nextLook = now + kLookEvery;
    lookAfterSlots(now);
    if (limit < options.connections && now >= raiseLimitAt) {
        plan->setConnections(++limit);
        raiseLimitAt = now + kRaiseLimitAfter;
    }
    if (phase == Phase::Ranges && !restartWhy)
        startSlots(now);
}

void Transfer::Impl::keepJournal(Monotonic now)
{
    const std::uint64_t fresh = received - notedAt;
    if (fresh == 0 || (fresh < kNoteBytes && now < nextNote))
        return;
    notedAt = received;
    nextNote = now + kNoteEvery;
    if (auto noted = part->note(plan->missing()); !noted)
        localError = noted.error();
}

void Transfer::Impl::lookAfterSlots(Monotonic now)
{
    for (const auto& slot : slots) {
        if (!slot->request)
            continue;
        if (client.isHeld(*slot->request))
            slot->lastByte = now;
        if (now - slot->started >= kMeasured && slot->got > 0) {
            slot->speed = std::max(slot->meter.rate(now), 1.0);
            plan->setSpeed(slot->number, slot->speed);
        } else if (now - slot->started >= kStallBesideOthers && slot->got == 0) {
            plan->setSpeed(slot->number, 1.0); // whoever is done may take what it waits for
        }
        const bool begun = slot->head.status != 0;
        const auto most = !begun           ? options.answerTimeout
                          : anyMoving(now) ? std::min(kStallBesideOthers, options.stallTimeout)
                                           : options.stallTimeout;
        if (now - slot->lastByte < most)
            continue;
        cancelRequest(slot->request);
        slot->surprise = Surprise::None;
        slotEnd(*slot, {RequestEnd::Cause::Cut,
                        "nothing came for " +
                            std::to_string(std::chrono::ceil<std::chrono::seconds>(most).count()) + " s"});
        if (phase != Phase::Ranges)
            return;
    }
}

void Transfer::Impl::startSlots(Monotonic now)
{
    for (const auto& slot : slots) {
        if (runningSlots() >= limit || !hasPlace())
            return;
        if (slot->request || now < slot->notBefore)
            continue;
        const auto piece = plan->take(slot->number, expectedSpeed(*slot));
        if (!piece)
            continue;
        if (piece->dropped)
            cancelRequest(slots[*piece->dropped]->request);
        startSlot(*slot, piece->span, now);
    }
}

/// What it did last, else what the best of the others does.
double Transfer::Impl::expectedSpeed(const Slot& slot) const
{
    if (slot.speed > 0)
        return slot.speed;
    double best = 0;
    for (const auto& other : slots)
        best = std::max(best, other->speed);
    return best;
}

void Transfer::Impl::startSlot(Slot& slot, Span span, Monotonic now)
{
    slot.asked = span;
    slot.head = {};
    slot.surprise = Surprise::None;
    slot.got = 0;
    slot.promised.reset();
    slot.hasher.reset();
    slot.started = slot.lastByte = now;
    slot.meter.start(now);
    note.clear();
    std::vector<std::string> fields{"Range: bytes=" + std::to_string(span.first) + "-" +
                                    std::to_string(span.end - 1)};
    if (!remote.validator.empty())
        fields.push_back("If-Range: " + remote.validator);
    startRequest(slot.request, false, std::move(fields), slot);
}

bool Transfer::Impl::slotHead(Slot& slot, const AnswerHead& head)
{
    slot.head = head;
    slot.lastByte = clock.monotonic();
    const RemoteFile now = describe(head, unixNow());
    if (head.status == 206) {
        const auto range = parseContentRange(head.contentRange);
        if (!range || !range->first || *range->first != slot.asked.first || *range->last >= slot.asked.end)
            slot.surprise = Surprise::WrongRange;
        else if (!sameVersion(remote, now))
            slot.surprise = Surprise::Changed;
        if (slot.surprise == Surprise::None) {
            slot.promised = contentDigestOf(head.contentDigest);
            if (slot.promised) {
                slot.hasher = std::make_unique<Hasher>(slot.promised->kind);
                slot.unhashed = *range->last + 1 - *range->first;
            }
            if (!remote.digest)
                remote.digest = now.digest;
            if (!remote.rangesPromised) {
                remote.rangesPromised = slotsChanged = true;
                limit = options.connections;
            }
        }
    } else if (head.status == 200) {
        // The answer to a tag that is not the file's any more, or of a server that looks at no Range.
        const bool same = sameVersion(remote, now) && now.size == remote.size &&
                          (remote.validator.empty() || now.validator == remote.validator);
        slot.surprise = same ? Surprise::NoRanges : Surprise::Changed;
    } else {
        slot.surprise = head.status == 416 ? Surprise::Changed : Surprise::Status;
    }
    return slot.surprise == Surprise::None;
}

bool Transfer::Impl::slotBody(Slot& slot, std::string_view bytes)
{
    const auto rest = plan->rest(slot.number);
    slot.lastByte = clock.monotonic();
    received += bytes.size();
    // The end of the piece may have come nearer since it was asked for.
    if (!rest || localError)
        return false;
    const auto wanted_ = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), rest->length()));
    if (auto written = part->write(rest->first, bytes.substr(0, wanted_)); !written) {
        localError = written.error();
        return false;
    }
    plan->advance(slot.number, wanted_);
    slot.meter.add(wanted_, slot.lastByte);
    slot.got += wanted_;
    if (isDamaged(slot, bytes)) {
        slot.surprise = Surprise::Damaged;
        plan->release(slot.number);
        plan->lose({slot.asked.first, slot.asked.first + slot.got});
        return false;
    }
    const std::uint64_t at = rest->first + wanted_;
    if (at < rest->end)
        return true;
    slotsChanged = true;
    return at == slot.asked.end && wanted_ == bytes.size();
}

/// Known when the last byte of the answer's content is there. One that is ended sooner, because another
/// connection has taken the rest of its piece or the line broke, has no digest that fits what came of it.
bool Transfer::Impl::isDamaged(Slot& slot, std::string_view bytes)
{
    if (!slot.hasher || bytes.size() > slot.unhashed)
        return false;
    slot.hasher->add(bytes);
    slot.unhashed -= bytes.size();
    if (slot.unhashed > 0)
        return false;
    const auto digest = slot.hasher->finishContent();
    const bool damaged = digest && *digest != *slot.promised;
    if (!damaged)
        damagedParts = 0;
    return damaged;
}

void Transfer::Impl::slotEnd(Slot& slot, const RequestEnd& end)
{
    endRequest(slot.request);
    slotsChanged = true;
    if (localError)
        return failLocal(*localError);
    switch (slot.surprise) {
    case Surprise::Changed:
        return restartLater("the file has changed on the server");
    case Surprise::NoRanges:
        noRanges = true;
        return restartLater("the server sends no parts of a file");
    case Surprise::WrongRange:
        noRanges = true;
        return restartLater("the server sends other parts than it is asked for");
    case Surprise::Damaged:
        return slotDamaged(slot);
    case Surprise::Status:
        return slotStatus(slot);
    case Surprise::None:
        break;
    }
    const bool pieceDone = !plan->rest(slot.number);
    // One that was over sooner than lookAfterSlots measures: how it began is in it, but it is all there is.
    const std::chrono::duration<double> took = slot.lastByte - slot.started;
    if (slot.got >= kWorthAtOnce && took < kMeasured)
        slot.speed = static_cast<double>(slot.got) / std::max(took.count(), 0.001);
    if (pieceDone || slot.got > 0) {
        plan->release(slot.number);
        slot.backoff.progressed();
        // The first time it may be a kept connection whose time was over.
        slot.shortEnds = slot.got < kWorthAtOnce && !pieceDone ? slot.shortEnds + 1 : 0;
        if (slot.shortEnds > 1)
            slot.notBefore =
                clock.monotonic() + milliseconds(static_cast<std::int64_t>(250 + 250 * random()));
        return;
    }
    TransferFailure why{FailureKind::Broken, end.message.empty() ? "the server sent no bytes" : end.message,
                        0, std::nullopt};
    slotFailed(slot, std::move(why), end.cause != RequestEnd::Cause::Refused);
}

void Transfer::Impl::slotStatus(Slot& slot)
{
    const StatusVerdict verdict = judgeStatus(slot.head.status);
    slotFailed(slot,
               {verdict.kind, "the server answers " + std::to_string(slot.head.status), slot.head.status,
                parseRetryAfter(slot.head.retryAfter, clock.wall())},
               verdict.again);
}

/// Its bytes are holes again.
void Transfer::Impl::slotDamaged(Slot& slot)
{
    const std::string why = "a part of the file is not what its digest says";
    if (++damagedParts >= kMostDamaged)
        return fail(FailureKind::Damaged, why + ", again and again");
    const auto wait = milliseconds(static_cast<std::int64_t>(250 + 250 * random()));
    slot.notBefore = clock.monotonic() + wait;
    watcher.onRetry(why, wait);
}

void Transfer::Impl::slotFailed(Slot& slot, TransferFailure why, bool again)
{
    const Monotonic now = clock.monotonic();
    plan->release(slot.number);
    const bool others = std::any_of(slots.begin(), slots.end(),
                                    [](const auto& other) { return other->request && other->got > 0; });
    if (others && (!again || why.kind == FailureKind::Busy)) {
        // It serves some of our connections and not this one: fewer, then.
        limit = std::max(runningSlots(), 1U);
        plan->setConnections(limit);
        raiseLimitAt =
            now + std::max<milliseconds>(kRaiseLimitAfter, why.retryAfter.value_or(std::chrono::seconds(0)));
        return;
    }
    if (!again && current.text != wanted.url.text) {
        // Signed addresses of stores end after a while: as often as bytes came from one, the next is asked
        // for.
        if (received > movedAt && restarts > 0)
            --restarts;
        movedAt = received;
        return restartLater("the address that " + shownUrl(wanted.url.text) + " led to has ended");
    }
    if (!again)
        return fail(why.kind, std::move(why.message), why.status, why.retryAfter);
    if (slot.backoff.failures() == 0)
        slot.receivedBefore = received;
    auto wait = slot.backoff.failed(random(), why.retryAfter);
    if (!wait && received > slot.receivedBefore) {
        slot.backoff.progressed(); // the others get through
        wait = options.retry.most;
    }
    if (!wait)
        return fail(why.kind, std::move(why.message), why.status, why.retryAfter);
    slot.notBefore = now + *wait;
    if (runningSlots() > 0)
        return;
    note = why.message;
    notBefore = slot.notBefore;
    watcher.onRetry(why.message, *wait);
}

} // namespace spillway::get
