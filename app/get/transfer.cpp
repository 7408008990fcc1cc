// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/transferimpl.h"

namespace spillway::get {

namespace {

constexpr unsigned kMostRestarts = 5;
constexpr std::size_t kCheckedAtOnce = 8U << 20;

} // namespace

Transfer::Impl::Impl(HttpClient& c, const TransferOptions& o, Places& p, Wanted w, TransferWatcher& t,
                     const Clock& k, std::function<double()> r)
    : client(c), options(o), places(p), wanted(std::move(w)), watcher(t), clock(k), random(std::move(r)),
      current(wanted.url), backoff(o.retry)
{
}

void Transfer::Impl::startRequest(std::optional<HttpClient::Id>& request, bool head,
                                  std::vector<std::string> fields, RequestHandler& handler)
{
    HttpRequest asked{current.text, head, std::move(fields), {}, {}, {}, false};
    // What was meant for one server is not for another that it led us to.
    if (current.origin == wanted.url.origin) {
        asked.bearer = options.token;
        asked.hasPassword = options.hasPassword || !wanted.url.user.empty() || !wanted.url.password.empty();
        asked.user = wanted.url.user;
        asked.password = options.hasPassword ? options.password : wanted.url.password;
    }
    request = client.start(asked, handler);
    ++places.taken;
}

void Transfer::Impl::endRequest(std::optional<HttpClient::Id>& request)
{
    if (request)
        --places.taken;
    request.reset();
}

void Transfer::Impl::cancelRequest(std::optional<HttpClient::Id>& request)
{
    if (request)
        client.cancel(*request);
    endRequest(request);
}

void Transfer::Impl::cancelAll()
{
    cancelRequest(single.request);
    for (const auto& slot : slots)
        cancelRequest(slot->request);
}

void Transfer::Impl::tick()
{
    if (phase == Phase::Over)
        return;
    if (localError)
        return failLocal(*localError);
    if (restartWhy)
        restart();
    const Monotonic now = clock.monotonic();
    switch (phase) {
    case Phase::ProbeHead:
    case Phase::ProbeRange:
    case Phase::Stream:
        return lookAfterSingle(now);
    case Phase::Ranges:
        return tickRanges(now);
    case Phase::Checking:
        return check();
    case Phase::Over:
        return;
    }
}

void Transfer::Impl::restart()
{
    const std::string why = std::move(*restartWhy);
    restartWhy.reset();
    cancelAll();
    if (++restarts > kMostRestarts)
        return fail(FailureKind::Broken, why + ", again and again; nothing whole can be fetched");
    watcher.onRestart(why);
    // If it turns out to be the same version, it goes on from here.
    if (part && part->isJournalled() && plan)
        static_cast<void>(part->note(plan->missing()));
    // What HEAD says and what GET does may differ.
    headRefused = headRefused || restarts > 1;
    plan.reset();
    slots.clear();
    remote = {};
    current = wanted.url;
    folder = Folder::Unknown;
    continued = false;
    streamed = 0;
    hasher.reset();
    notBefore = {};
    phase = headRefused ? Phase::ProbeRange : Phase::ProbeHead;
}

void Transfer::Impl::fail(FailureKind kind, std::string message, int status,
                          std::optional<std::chrono::seconds> retryAfter)
{
    const bool worthKeeping = part && part->isJournalled() && plan && plan->done() > 0;
    cancelAll();
    failure = TransferFailure{kind, std::move(message), status, retryAfter};
    if (worthKeeping) {
        // The bytes that a failed write left out are in no list of what is there.
        static_cast<void>(part->note(plan->missing()));
    } else if (part && phase != Phase::Checking) {
        part->discard();
    }
    part.reset();
    phase = Phase::Over;
}

void Transfer::Impl::stop()
{
    if (phase == Phase::Over)
        return;
    cancelAll();
    if (part && part->isJournalled() && plan)
        static_cast<void>(part->note(plan->missing()));
    else if (part)
        part->discard();
    part.reset();
    phase = Phase::Over;
}

void Transfer::Impl::startChecking()
{
    cancelAll();
    if (plan)
        static_cast<void>(part->note({}));
    if (!remote.digest)
        return finish();
    phase = Phase::Checking;
    hasher = std::make_unique<Hasher>();
    checkedTo = 0;
    check();
}

void Transfer::Impl::check()
{
    // A part at a time, so that the owner can be stopped and others go on.
    std::vector<char> buffer(1U << 20);
    for (std::size_t turn = 0; turn < kCheckedAtOnce && checkedTo < *remote.size;) {
        const auto wish =
            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), *remote.size - checkedTo));
        const auto got = part->read(checkedTo, std::span(buffer).first(wish));
        if (!got)
            return failLocal(got.error());
        hasher->add({buffer.data(), *got});
        checkedTo += *got;
        turn += *got;
    }
    if (checkedTo < *remote.size)
        return;
    const auto digest = hasher->finish();
    if (!digest)
        return failLocal(digest.error());
    if (*digest == *remote.digest) {
        verified = true;
        return finish();
    }
    part->discard();
    part.reset();
    if (continued)
        return restartLater("what an earlier run had fetched does not fit the server's digest");
    fail(FailureKind::Damaged, "the bytes that came have the SHA-256 " + hexText(*digest) +
                                   ", but the server promised " + hexText(*remote.digest) +
                                   "; they were removed");
}

void Transfer::Impl::finish()
{
    phase = Phase::Checking; // a failure from here on keeps what is there
    if (auto done = part->finish(*remote.size, remote.modified, replace); !done)
        return failLocal(done.error());
    part.reset();
    phase = Phase::Over;
}

Transfer::Transfer(HttpClient& client, const TransferOptions& options, Places& places, Wanted wanted,
                   TransferWatcher& watcher, const Clock& clock, std::function<double()> random)
    : impl_(std::make_unique<Impl>(client, options, places, std::move(wanted), watcher, clock,
                                   std::move(random)))
{
}

Transfer::~Transfer()
{
    impl_->stop();
}

void Transfer::tick()
{
    impl_->tick();
}
void Transfer::stop()
{
    impl_->stop();
}
bool Transfer::over() const
{
    return impl_->phase == Impl::Phase::Over;
}
const std::optional<TransferFailure>& Transfer::failure() const
{
    return impl_->failure;
}
bool Transfer::wasThere() const
{
    return impl_->wasThere;
}
const std::string& Transfer::path() const
{
    return impl_->path;
}
std::optional<std::uint64_t> Transfer::size() const
{
    return impl_->remote.size;
}

std::uint64_t Transfer::done() const
{
    return impl_->plan ? impl_->plan->done() : impl_->streamed;
}

std::uint64_t Transfer::received() const
{
    return impl_->received;
}

unsigned Transfer::connections() const
{
    return impl_->runningSlots() + (impl_->single.request ? 1 : 0);
}

bool Transfer::isChecking() const
{
    return impl_->phase == Impl::Phase::Checking;
}
bool Transfer::verified() const
{
    return impl_->verified;
}

std::string Transfer::note() const
{
    if (impl_->phase == Impl::Phase::Checking)
        return "checking the digest";
    const auto left = impl_->notBefore - impl_->clock.monotonic();
    if (impl_->note.empty() || left <= Monotonic::duration::zero() || connections() > 0)
        return {};
    return impl_->note + ", again in " +
           std::to_string(std::chrono::ceil<std::chrono::seconds>(left).count()) + " s";
}

} // namespace spillway::get
