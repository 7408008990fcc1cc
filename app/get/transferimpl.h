// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/get/transfer.h"

#include <vector>

namespace spillway::get {

/// What the parts of Transfer share; see there for the picture. Handlers' onHead and onBody only note what
/// they saw; what follows from it is done in onEnd or tick().
struct Transfer::Impl
{
    enum class Phase
    {
        ProbeHead,
        ProbeRange,
        Ranges,
        Stream,
        Checking,
        Over
    };
    /// What a range's head said, where it was not the part that was asked for.
    enum class Surprise
    {
        None,
        Changed,    ///< another version, or another size
        NoRanges,   ///< all of it, of the same version
        WrongRange, ///< other bytes than asked for
        Damaged,    ///< the part's bytes are not those of its digest
        Status,     ///< no bytes at all
    };

    /// The one request of a probe or a stream.
    struct Single final : RequestHandler
    {
        explicit Single(Impl& o) : owner(o) {}
        bool onHead(const AnswerHead& h) override { return owner.singleHead(h); }
        bool onBody(std::string_view bytes) override { return owner.singleBody(bytes); }
        void onEnd(const RequestEnd& end) override { owner.singleEnd(end); }

        Impl& owner;
        std::optional<HttpClient::Id> request;
        AnswerHead head; ///< status 0: none came
        Monotonic lastByte{};
    };

    /// One of the connections that fetch ranges.
    struct Slot final : RequestHandler
    {
        Slot(Impl& o, unsigned n)
            : owner(o), number(n), backoff(o.options.retry), meter(std::chrono::seconds(2))
        {
        }
        bool onHead(const AnswerHead& h) override { return owner.slotHead(*this, h); }
        bool onBody(std::string_view bytes) override { return owner.slotBody(*this, bytes); }
        void onEnd(const RequestEnd& end) override { owner.slotEnd(*this, end); }

        Impl& owner;
        const unsigned number;
        std::optional<HttpClient::Id> request;
        Span asked{};
        AnswerHead head;
        Surprise surprise = Surprise::None;
        std::uint64_t got = 0; ///< by this request
        /// Of this answer's content, where the server sent one (RFC 9530 §2), and of what came of it so far.
        std::optional<ContentDigest> promised;
        std::unique_ptr<Hasher> hasher;
        std::uint64_t unhashed = 0; ///< bytes of the content that are still to come
        Monotonic started{}, lastByte{};
        Backoff backoff;
        unsigned shortEnds = 0;           ///< in a row: cut after few bytes
        std::uint64_t receivedBefore = 0; ///< by all, when its failures in a row began
        Monotonic notBefore{};
        RateMeter meter;
        double speed = 0; ///< the last that was measured long enough
    };

    /// Whether the address is that of a folder (its path ends with "/", and a page is there).
    enum class Folder
    {
        Unknown,
        Asked, ///< for its archive
        Page,  ///< the server makes none
    };

    Impl(HttpClient& c, const TransferOptions& o, Places& p, Wanted w, TransferWatcher& t, const Clock& k,
         std::function<double()> r);

    // transfer.cpp
    void tick();
    void fail(FailureKind kind, std::string message, int status = 0,
              std::optional<std::chrono::seconds> retryAfter = std::nullopt);
    void failLocal(const Error& error) { fail(FailureKind::Local, error.message); }
    /// The first of several reasons is the one that counts.
    void restartLater(std::string why) { restartWhy = restartWhy ? restartWhy : std::move(why); }
    void restart();
    void cancelAll();
    void stop();
    [[nodiscard]] bool hasPlace() const { return places.taken < places.most; }
    void startRequest(std::optional<HttpClient::Id>& request, bool head, std::vector<std::string> fields,
                      RequestHandler& handler);
    void endRequest(std::optional<HttpClient::Id>& request);
    void cancelRequest(std::optional<HttpClient::Id>& request);
    [[nodiscard]] std::int64_t unixNow() const { return unixSeconds(clock.wall()); }
    void startChecking();
    void check();
    void finish();

    // transferprobe.cpp
    void startSingle();
    bool singleHead(const AnswerHead& head);
    bool singleBody(std::string_view bytes);
    void singleEnd(const RequestEnd& end);
    void probeEnd(const RequestEnd& end);
    [[nodiscard]] bool askForFolder(const AnswerHead& head, bool good);
    void streamEnd(const RequestEnd& end);
    void followAnswer(const AnswerHead& head);
    void retrySingle(const std::string& why, FailureKind kind);
    void judgeSingle(const AnswerHead& head);
    void lookAfterSingle(Monotonic now);
    void prepare();
    [[nodiscard]] bool isThere(std::optional<std::uint64_t> size, std::optional<std::int64_t> modified);
    [[nodiscard]] bool choosePath();
    [[nodiscard]] bool openPart();
    [[nodiscard]] bool beginStream();

    // transferranges.cpp
    void beginRanges(const std::string& key);
    void tickRanges(Monotonic now);
    void lookAfterSlots(Monotonic now);
    void startSlots(Monotonic now);
    [[nodiscard]] double expectedSpeed(const Slot& slot) const;
    void startSlot(Slot& slot, Span span, Monotonic now);
    bool slotHead(Slot& slot, const AnswerHead& head);
    bool slotBody(Slot& slot, std::string_view bytes);
    void slotEnd(Slot& slot, const RequestEnd& end);
    [[nodiscard]] bool isDamaged(Slot& slot, std::string_view bytes);
    void slotStatus(Slot& slot);
    void slotDamaged(Slot& slot);
    void slotFailed(Slot& slot, TransferFailure failure, bool again);
    void keepJournal(Monotonic now);
    [[nodiscard]] unsigned runningSlots() const;
    [[nodiscard]] bool anyMoving(Monotonic now) const;

    HttpClient& client;
    const TransferOptions& options;
    Places& places;
    const Wanted wanted;
    TransferWatcher& watcher;
    const Clock& clock;
    const std::function<double()> random;

    Phase phase = Phase::ProbeHead;
    Url current; ///< where requests go: after a redirect, there
    Folder folder = Folder::Unknown;
    Url page;          ///< of a folder whose archive is asked for
    RemoteFile remote; ///< as far as known
    std::string path;
    bool replace = false;
    std::optional<PartFile> part;
    std::optional<SegmentPlan> plan; ///< in Ranges
    std::vector<std::unique_ptr<Slot>> slots;
    Single single{*this};
    std::uint64_t streamed = 0;

    bool answered = false;    ///< a server said anything at all
    bool headRefused = false; ///< probe by a range: HEAD was not answered well, or what it said was wrong
    bool noRanges = false;
    bool continued = false; ///< bytes of an earlier run are in it
    bool wasThere = false, verified = false;
    std::optional<std::string> restartWhy;
    std::optional<Error> localError; ///< found within a callback
    unsigned restarts = 0;
    std::uint64_t movedAt = 0; ///< `received` when the address was last asked for anew
    Backoff backoff;           ///< of the single requests
    Monotonic notBefore{};
    std::string note;
    std::optional<TransferFailure> failure;

    std::uint64_t received = 0;
    unsigned damagedParts = 0; ///< since the last that was right
    unsigned limit = 1;        ///< how many slots may run: lower where the server wants fewer
    Monotonic raiseLimitAt{}, nextLook{}, nextNote{};
    std::uint64_t notedAt = 0; ///< `received` when the journal was last written
    bool slotsChanged = false;

    std::unique_ptr<Hasher> hasher; ///< in Checking
    std::uint64_t checkedTo = 0;
};

} // namespace spillway::get
