// SPDX-License-Identifier: GPL-3.0-or-later
// How long small hot requests take while big cold downloads run on the same server.
//
//   bench_hotprobe --port P --hot /s/pub/one.bin --cold /s/pub/cold-%02d.bin --downloads 32
//                  [--rate 2000] [--seconds 8] [--connections 16] [--lead 200]
//
// The probe ends after --seconds, or when no download runs any more: all it measures was measured beside
// downloads.
//
// One thread keeps the downloads running and throws their bytes away in the kernel (MSG_TRUNC). The other
// sends hot requests at a fixed rate, open loop: each latency counts from the moment the request was due, so
// a server that stands still is charged for every request it delayed, not for one (no coordinated omission).
// A request that finds all connections taken waits in line, and its wait counts.
//
// Prints one JSON object:
// {"sent":…,"answered":…,"failed":…,"p50_us":…,"p90_us":…,"p99_us":…,"p999_us":…,"max_us":…,
// "cold_bytes":…,"cold_finished":…,"cold_failed":…,"cold_seconds":…}

#include "netclient.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <deque>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace spillway::bench;
using spillway::UniqueFd;
using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

namespace {

UniqueFd connectTo(const sockaddr_in& server)
{
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0)
        return UniqueFd();
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
    return fd;
}

void watch(int epoll, int fd, std::size_t index)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

/// The cold side: runs in its own thread, at a lower priority than the probe.
class Downloads
{
public:
    Downloads(const sockaddr_in& server, const std::string& pattern, long count)
        : epoll_(::epoll_create1(EPOLL_CLOEXEC)), clients_(static_cast<std::size_t>(count))
    {
        for (std::size_t i = 0; i < clients_.size(); ++i) {
            char path[1024];
            std::snprintf(path, sizeof path, pattern.c_str(), static_cast<int>(i));
            clients_[i].fd = connectTo(server);
            const std::string request = getRequest(path);
            if (!clients_[i].fd ||
                ::send(clients_[i].fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) {
                ++failed;
                continue;
            }
            watch(epoll_.get(), clients_[i].fd.get(), i);
            ++running;
        }
    }

    void run(const std::atomic<bool>& stop)
    {
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 10);
        const Time begin = Clock::now();
        epoll_event events[64];
        while (!stop && running > 0) {
            const int ready = ::epoll_wait(epoll_.get(), events, 64, 50);
            for (int i = 0; i < ready; ++i)
                read(clients_[events[i].data.u64]);
        }
        seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    }

    std::atomic<long> running{0}, finished{0}, failed{0};
    std::atomic<std::uint64_t> bytes{0};
    double seconds = 0;

private:
    struct Client
    {
        UniqueFd fd;
        AnswerReader reader;
    };

    void read(Client& client)
    {
        char buffer[16384];
        ssize_t got = 0;
        if (!client.reader.headDone()) {
            got = ::recv(client.fd.get(), buffer, sizeof buffer, 0);
            if (got > 0)
                client.reader.feed({buffer, static_cast<std::size_t>(got)});
        } else {
            const std::uint64_t most = std::min<std::uint64_t>(client.reader.bodyLeft(), 4U << 20U);
            got = ::recv(client.fd.get(), nullptr, static_cast<std::size_t>(most), MSG_TRUNC);
            if (got > 0)
                client.reader.skip(static_cast<std::uint64_t>(got));
        }
        if (got > 0)
            bytes += static_cast<std::uint64_t>(got);
        const bool bad = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR) ||
                         client.reader.failed() ||
                         (client.reader.headDone() && client.reader.status() != 200);
        if (!bad && !client.reader.done())
            return;
        ++(client.reader.done() && client.reader.status() == 200 ? finished : failed);
        client.fd.reset();
        --running;
    }

    UniqueFd epoll_;
    std::vector<Client> clients_;
};

/// The hot side.
class Probe
{
public:
    Probe(const sockaddr_in& server, const std::string& path, long connections, long rate)
        : epoll_(::epoll_create1(EPOLL_CLOEXEC)), request_(getRequest(path)),
          gap_(std::chrono::nanoseconds(1'000'000'000 / std::max(1L, rate))),
          clients_(static_cast<std::size_t>(connections))
    {
        for (std::size_t i = 0; i < clients_.size(); ++i) {
            clients_[i].fd = connectTo(server);
            if (!clients_[i].fd) {
                std::perror("connect");
                std::exit(1);
            }
            watch(epoll_.get(), clients_[i].fd.get(), i);
            free_.push_back(i);
        }
    }

    /// For `length`, or until `over()`; then waits for what is still under way, at most `patience`.
    template<class Over>
    void run(std::chrono::milliseconds length, std::chrono::milliseconds patience, Over over)
    {
        ::prctl(PR_SET_TIMERSLACK, 1000); // the due times are finer than the default slack of 50 µs
        const Time begin = Clock::now();
        Time end = begin + length;
        Time due = begin;
        epoll_event events[64];
        for (Time now = begin; now < end || (busy() && now < end + patience); now = Clock::now()) {
            if (now < end && over())
                end = now;
            for (; due <= now && due < end; due += gap_, ++sent)
                line_.push_back(due);
            dispatch();
            const auto wait = now < end ? std::max(Clock::duration::zero(), due - Clock::now())
                                        : Clock::duration(1'000'000);
            const timespec timeout{0,
                                   static_cast<long>(std::chrono::nanoseconds(wait).count() % 1'000'000'000)};
            const int ready = ::epoll_pwait2(epoll_.get(), events, 64, &timeout, nullptr);
            for (int i = 0; i < ready; ++i)
                read(events[i].data.u64);
        }
        failed += static_cast<long>(line_.size());
        for (const Client& client : clients_)
            failed += client.busy ? 1 : 0;
    }

    long sent = 0, failed = 0;
    std::vector<double> micros;

private:
    struct Client
    {
        UniqueFd fd;
        AnswerReader reader;
        Time due;
        bool busy = false;
    };

    [[nodiscard]] bool busy() const { return free_.size() < clients_.size() || !line_.empty(); }

    void dispatch()
    {
        while (!line_.empty() && !free_.empty()) {
            Client& client = clients_[free_.back()];
            client.due = line_.front();
            line_.pop_front();
            client.reader.reset();
            if (::send(client.fd.get(), request_.data(), request_.size(), MSG_NOSIGNAL) < 0) {
                std::perror("send");
                std::exit(1);
            }
            client.busy = true;
            free_.pop_back();
        }
    }

    void read(std::size_t index)
    {
        Client& client = clients_[index];
        char buffer[16384];
        const ssize_t got = ::recv(client.fd.get(), buffer, sizeof buffer, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0) {
            std::fprintf(stderr, "hot connection closed by the server\n");
            std::exit(1);
        }
        client.reader.feed({buffer, static_cast<std::size_t>(got)});
        if (!client.reader.done())
            return;
        if (client.reader.status() == 200)
            micros.push_back(std::chrono::duration<double, std::micro>(Clock::now() - client.due).count());
        else
            ++failed;
        client.busy = false;
        free_.push_back(index);
    }

    UniqueFd epoll_;
    const std::string request_;
    const std::chrono::nanoseconds gap_;
    std::vector<Client> clients_;
    std::vector<std::size_t> free_;
    std::deque<Time> line_; ///< due, and waiting for a free connection
};

double quantile(const std::vector<double>& sorted, double q)
{
    if (sorted.empty())
        return 0;
    const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size())));
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

} // namespace

int main(int argc, char** argv)
{
    const Options options(argc, argv);
    const sockaddr_in server =
        address(options.text("host", "127.0.0.1").c_str(), static_cast<int>(options.number("port", 0)));
    Probe probe(server, options.text("hot", "/"), options.number("connections", 16),
                options.number("rate", 2000));
    Downloads downloads(server, options.text("cold", "/"), options.number("downloads", 0));

    std::atomic<bool> stop{false};
    std::thread cold([&] { downloads.run(stop); });
    std::this_thread::sleep_for(std::chrono::milliseconds(options.number("lead", 200)));
    const bool beside = options.number("downloads", 0) > 0;
    probe.run(std::chrono::milliseconds(options.number("seconds", 8) * 1000), std::chrono::seconds(20),
              [&] { return beside && downloads.running == 0; });
    stop = true;
    cold.join();

    std::sort(probe.micros.begin(), probe.micros.end());
    std::printf(
        "{\"sent\":%ld,\"answered\":%zu,\"failed\":%ld,\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,"
        "\"p999_us\":%.1f,\"max_us\":%.1f,\"cold_bytes\":%llu,\"cold_finished\":%ld,\"cold_failed\":%ld,"
        "\"cold_seconds\":%.2f}\n",
        probe.sent, probe.micros.size(), probe.failed, quantile(probe.micros, 0.5),
        quantile(probe.micros, 0.9), quantile(probe.micros, 0.99), quantile(probe.micros, 0.999),
        quantile(probe.micros, 1.0), static_cast<unsigned long long>(downloads.bytes.load()),
        downloads.finished.load(), downloads.failed.load(), downloads.seconds);
    return 0;
}
