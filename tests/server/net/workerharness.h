// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/net/listensocket.h"
#include "server/net/worker.h"
#include "server/observe/metrics.h"
#include "tests/server/net/tlsclient.h"
#include "tests/server/net/tlsfiles.h"
#include "tests/server/observe/manualclock.h"

#include <arpa/inet.h>
#include <chrono>
#include <gtest/gtest.h>
#include <memory>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace spillway::net {

/// A client over loopback that never blocks: what it read so far, and how the connection ended.
class TestClient
{
public:
    /// `receiveBuffer`: bytes for SO_RCVBUF, so that a server soon finds the client slow; 0: the system's.
    explicit TestClient(std::uint16_t port, int receiveBuffer = 0)
        : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        if (receiveBuffer > 0)
            ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }

    /// Everything, as long as the kernel takes it.
    void send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const ssize_t n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0)
                return; // the server has closed: ended() will tell
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    /// Takes what is there now, at most `most` bytes; how many it was.
    std::size_t read(std::size_t most = ~std::size_t{0})
    {
        std::size_t total = 0;
        while (!ended_ && total < most) {
            char buffer[64 * 1024];
            const ssize_t n = ::recv(fd_.get(), buffer, std::min(sizeof buffer, most - total), MSG_DONTWAIT);
            if (n < 0 && (errno == EAGAIN || errno == EINTR))
                break;
            if (n <= 0) {
                ended_ = true;
                reset_ = n < 0;
                break;
            }
            received.append(buffer, static_cast<std::size_t>(n));
            total += static_cast<std::size_t>(n);
        }
        return total;
    }
    /// The server's end of stream (or a reset) has come.
    [[nodiscard]] bool ended()
    {
        read();
        return ended_;
    }
    [[nodiscard]] bool reset() const { return reset_; }
    [[nodiscard]] bool has(std::string_view text)
    {
        read();
        return received.find(text) != std::string::npos;
    }
    void shutDown() { ::shutdown(fd_.get(), SHUT_WR); }
    void close() { fd_.reset(); }

    std::string received;

private:
    UniqueFd fd_;
    bool ended_ = false, reset_ = false;
};

/// A worker that a test polls by hand, under a clock that the test moves, with a listener on a free port.
struct WorkerHarness
{
    /// `sendBuffer`: SO_SNDBUF of accepted connections, so that little is taken at once; 0: the system's.
    explicit WorkerHarness(ConnectionLimits limits = {}, int sendBuffer = 0)
        : worker(started(clock), limits, counters, open)
    {
        auto group = listenGroup(address, 1, false);
        EXPECT_TRUE(group);
        if (sendBuffer > 0)
            ::setsockopt(group->front().get(), SOL_SOCKET, SO_SNDBUF, &sendBuffer, sizeof sendBuffer);
        worker.addListener(std::move(group->front()));
    }

    [[nodiscard]] TestClient connect(int receiveBuffer = 0)
    {
        return TestClient(address.port, receiveBuffer);
    }
    /// A second listener, with TLS, or another kind.
    void listenWithTls(int sendBuffer = 0, ListenerKind kind = {true, false})
    {
        if (!hasTls_) {
            certificates.push_back(files.make("first", {"localhost", "first.example"}, now()));
            auto made = TlsContext::load({certificates}, tickets, clock);
            ASSERT_TRUE(made) << made.error().message;
            worker.setTls(*made);
            hasTls_ = true;
        }
        auto group = listenGroup(tlsAddress, 1, false);
        ASSERT_TRUE(group);
        if (sendBuffer > 0)
            ::setsockopt(group->front().get(), SOL_SOCKET, SO_SNDBUF, &sendBuffer, sizeof sendBuffer);
        worker.addListener(std::move(group->front()), kind);
    }
    /// A client whose handshake is complete.
    [[nodiscard]] TlsClient connectTls(const TlsClientOptions& options = {})
    {
        TlsClient client(tlsAddress.port, options);
        EXPECT_TRUE(pollUntil([&] { return client.step() || client.failed(); }));
        // In TLS 1.3 the client is ready before the server has its last message.
        EXPECT_TRUE(pollUntil([&] {
            return client.failed() ||
                   count(observe::Counter::TlsFull) + count(observe::Counter::TlsResumed) > completed_;
        }));
        completed_ = count(observe::Counter::TlsFull) + count(observe::Counter::TlsResumed);
        return client;
    }
    [[nodiscard]] std::int64_t now() const { return unixSeconds(clock.wall()); }
    /// Polls until `done`; false after 30 s of real time (a hang is a failure, not a wait for ever).
    template<class Done>
    [[nodiscard]] bool pollUntil(Done&& done)
    {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!done()) {
            if (std::chrono::steady_clock::now() > until)
                return false;
            pollfd ready{worker.epollFd(), POLLIN, 0};
            ::poll(&ready, 1, 2);
            worker.poll();
        }
        return true;
    }
    /// Lets everything happen that is on its way.
    void settle()
    {
        pollfd ready{worker.epollFd(), POLLIN, 0};
        for (int i = 0; i < 5; ++i) {
            worker.poll();
            ::poll(&ready, 1, 1);
        }
        worker.poll();
    }
    /// Moves the clock in steps shorter than any time-out here, as a running server would see it.
    void advance(std::chrono::milliseconds by, std::chrono::milliseconds step = std::chrono::milliseconds(20))
    {
        for (; by > by.zero(); by -= std::min(by, step)) {
            clock.advance(std::min(by, step));
            worker.poll();
        }
    }
    [[nodiscard]] std::uint64_t count(observe::Counter counter) const { return counters.value(counter); }

    static const Clock& started(observe::ManualClock& clock)
    {
        clock.advance(std::chrono::hours(1)); // so that a time of 0 is "long ago"
        return clock;
    }

    observe::ManualClock clock;
    observe::Metrics metrics{clock};
    observe::WorkerCounters& counters{metrics.addWriter()};
    std::atomic<std::size_t> open{0};
    Worker worker;
    ListenAddress address{"127.0.0.1", 0}, tlsAddress{"127.0.0.1", 0};
    TlsFiles files;
    std::vector<CertificateFiles> certificates;
    std::shared_ptr<TicketKeys> tickets = std::make_shared<TicketKeys>(clock);

private:
    bool hasTls_ = false;
    std::uint64_t completed_ = 0;
};

} // namespace spillway::net
