// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/report.h"

#include "server/http/utf8.h"

#include <cmath>
#include <sys/ioctl.h>
#include <unistd.h>

namespace spillway::get {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBarEvery{200}, kLineEvery{1000};

std::size_t terminalColumns()
{
    struct winsize size
    {
    };
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// {"event":"…", then pairs. Small enough that no library is worth it.
class JsonLine
{
public:
    explicit JsonLine(const char* event) { text("event", event); }
    JsonLine& text(const char* name, std::string_view value)
    {
        key(name);
        http::appendJsonString(out_, value);
        return *this;
    }
    JsonLine& number(const char* name, std::uint64_t value)
    {
        key(name);
        out_ += std::to_string(value);
        return *this;
    }
    JsonLine& number(const char* name, std::optional<std::uint64_t> value)
    {
        key(name);
        out_ += value ? std::to_string(*value) : "null";
        return *this;
    }
    JsonLine& seconds(const char* name, milliseconds value)
    {
        key(name);
        const std::string thousandths = std::to_string(value.count() % 1000 + 1000);
        out_ += std::to_string(value.count() / 1000) + "." + thousandths.substr(1);
        return *this;
    }
    JsonLine& flag(const char* name, bool value)
    {
        key(name);
        out_ += value ? "true" : "false";
        return *this;
    }
    [[nodiscard]] std::string end() const { return out_ + "}\n"; }

private:
    void key(const char* name)
    {
        out_ += out_.empty() ? "{\"" : ",\"";
        out_ += name;
        out_ += "\":";
    }
    std::string out_;
};

} // namespace

Report::Report(Manner manner, const Clock& clock) : manner_(manner), clock_(clock)
{
    meter_.start(clock.monotonic());
}

void Report::line(const std::string& json)
{
    std::fwrite(json.data(), 1, json.size(), stdout);
    std::fflush(stdout);
}

void Report::clear()
{
    if (shown_)
        std::fputs("\r\033[K", stderr);
    shown_ = false;
}

void Report::say(const std::string& sentence)
{
    clear();
    if (manner_ == Manner::Terminal)
        std::fprintf(stderr, "%s\n", shownText(sentence).c_str());
}

void Report::begin(const std::string& url, const std::string& path, std::optional<std::uint64_t> size,
                   std::uint64_t resumed)
{
    if (manner_ == Manner::Json)
        line(JsonLine("begin")
                 .text("url", url)
                 .text("file", path)
                 .number("size", size)
                 .number("resumed", resumed)
                 .end());
    else if (resumed > 0)
        say(path + ": going on from " + shortBytes(static_cast<double>(resumed)));
}

void Report::retry(const std::string& url, const std::string& why, milliseconds wait)
{
    if (manner_ == Manner::Json)
        line(JsonLine("retry").text("url", url).text("reason", why).seconds("wait_seconds", wait).end());
}

void Report::restart(const std::string& url, const std::string& why)
{
    if (manner_ == Manner::Json)
        line(JsonLine("restart").text("url", url).text("reason", why).end());
    else
        say(url + ": " + why + "; beginning again");
}

void Report::done(const std::string& url, const Transfer& transfer, Monotonic began)
{
    const auto took = std::chrono::duration_cast<milliseconds>(clock_.monotonic() - began);
    const std::uint64_t size = transfer.size().value_or(0);
    if (manner_ == Manner::Json) {
        line(JsonLine("done")
                 .text("url", url)
                 .text("file", transfer.path())
                 .number("size", size)
                 .number("received", transfer.received())
                 .seconds("seconds", took)
                 .flag("verified", transfer.verified())
                 .flag("was_there", transfer.wasThere())
                 .end());
        return;
    }
    if (transfer.wasThere())
        return say(transfer.path() + ": is there already");
    const double rate =
        took.count() > 0 ? static_cast<double>(transfer.received()) * 1000 / static_cast<double>(took.count())
                         : 0;
    say(transfer.path() + ": " + shortBytes(static_cast<double>(size)) + " in " +
        shortTime(static_cast<std::uint64_t>((took.count() + 500) / 1000)) + " (" + shortBytes(rate) + "/s)" +
        (transfer.verified() ? ", digest right" : ""));
}

void Report::failed(const std::string& url, const TransferFailure& failure, const std::string& path)
{
    clear();
    std::fprintf(stderr, "spillway: %s: %s\n", shownText(url).c_str(), shownText(failure.message).c_str());
    if (manner_ != Manner::Json)
        return;
    JsonLine json("failed");
    json.text("url", url).text("kind", kindName(failure.kind)).text("message", failure.message);
    if (!path.empty())
        json.text("file", path);
    if (failure.status != 0)
        json.number("status", static_cast<std::uint64_t>(failure.status));
    if (failure.retryAfter)
        json.number("retry_after_seconds", static_cast<std::uint64_t>(failure.retryAfter->count()));
    line(json.end());
}

void Report::end(std::size_t files, std::size_t failures)
{
    if (manner_ == Manner::Json)
        line(JsonLine("end").number("files", files).number("failed", failures).end());
    else if (files > 1)
        say(std::to_string(files - failures) + " of " + std::to_string(files) + " files are here");
}

void Report::progress(const std::vector<const Transfer*>& running, std::size_t waiting, Monotonic now)
{
    if (manner_ == Manner::Quiet || now < next_ || running.empty())
        return;
    next_ = now + (manner_ == Manner::Json ? kLineEvery : kBarEvery);
    std::uint64_t received = 0, done = 0, size = 0;
    bool sized = true;
    unsigned connections = 0;
    for (const Transfer* transfer : running) {
        received += transfer->received();
        done += transfer->done();
        sized = sized && transfer->size().has_value();
        size += transfer->size().value_or(0);
        connections += transfer->connections();
    }
    // Less than before: one that had received its part has ended.
    if (received >= metered_)
        meter_.add(received - metered_, now);
    metered_ = received;
    ProgressView view;
    const std::string more =
        running.size() + waiting > 1 ? " (+" + std::to_string(running.size() + waiting - 1) + ")" : "";
    const std::string& path = running.front()->path();
    const std::string name = shownText(path.substr(path.rfind('/') + 1)) + more;
    const std::string note = running.size() == 1 ? running.front()->note() : "";
    view.name = name;
    view.done = done;
    view.size = sized ? std::optional(size) : std::nullopt;
    view.rate = meter_.rate(now);
    view.connections = connections;
    view.note = note;
    if (manner_ == Manner::Terminal) {
        std::fprintf(stderr, "\r\033[K%s", progressLine(view, terminalColumns() - 1).c_str());
        shown_ = true;
        return;
    }
    line(JsonLine("progress")
             .text("file", path)
             .number("done", done)
             .number("size", view.size)
             .number("rate", static_cast<std::uint64_t>(std::llround(view.rate)))
             .number("seconds_left", secondsLeft(view))
             .number("connections", connections)
             .number("files", running.size())
             .number("files_waiting", waiting)
             .end());
}

} // namespace spillway::get
