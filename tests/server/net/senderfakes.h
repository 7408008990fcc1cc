// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/net/worker.h"

#include <cstdio>
#include <deque>
#include <functional>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

namespace spillway::net {

/// A file in memory whose prepare() answers as the test says; without a word: Ready, all of it.
class FakeFile final : public FileSource
{
public:
    explicit FakeFile(std::string_view bytes) : fd_(::memfd_create("fake", MFD_CLOEXEC))
    {
        while (!bytes.empty()) {
            const ssize_t n = ::write(fd_.get(), bytes.data(), bytes.size());
            if (n <= 0) {
                ADD_FAILURE() << "no room";
                return;
            }
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    [[nodiscard]] int fd() const noexcept override { return fd_.get(); }
    [[nodiscard]] Window prepare(std::uint64_t offset, std::uint64_t length,
                                 std::function<void()> wake) override
    {
        asked.push_back({offset, length});
        if (length == 0)
            return {atEnd, 0};
        if (!script.empty()) {
            const Window window = script.front();
            if (window.state == WindowState::Ready || window.state == WindowState::Pending)
                script.pop_front(); // what has failed stays so
            if (window.state == WindowState::Pending)
                wakes.push_back(std::move(wake));
            return window;
        }
        return {WindowState::Ready, std::min(length, mostAtOnce)};
    }
    void truncate(std::uint64_t size) { ASSERT_EQ(::ftruncate(fd_.get(), static_cast<off_t>(size)), 0); }

    std::deque<Window> script;
    WindowState atEnd = WindowState::Ready;
    std::uint64_t mostAtOnce = ~0ULL;
    std::vector<std::function<void()>> wakes;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> asked;

private:
    UniqueFd fd_;
};

/// A generator that says what the test wrote down.
class FakeGenerator final : public Generator
{
public:
    struct Step
    {
        State state;
        std::string bytes;
    };
    struct Seen
    {
        std::vector<std::function<void()>> wakes;
        int pulls = 0;
        bool destroyed = false;
    };
    FakeGenerator(std::deque<Step> steps, std::shared_ptr<Seen> seen)
        : steps_(std::move(steps)), seen_(std::move(seen))
    {
    }
    ~FakeGenerator() override { seen_->destroyed = true; }
    [[nodiscard]] State pull(std::string& out, std::size_t, std::function<void()> wake) override
    {
        ++seen_->pulls;
        if (steps_.empty()) {
            ADD_FAILURE() << "asked again after the end";
            return State::Failed;
        }
        const Step step = std::move(steps_.front());
        steps_.pop_front();
        out += step.bytes;
        if (step.state == State::Pending)
            seen_->wakes.push_back(std::move(wake));
        return step.state;
    }

private:
    std::deque<Step> steps_;
    std::shared_ptr<Seen> seen_;
};

/// A source of segments that says what the test wrote down.
class FakeSource final : public SegmentSource
{
public:
    struct Step
    {
        State state;
        std::vector<Segment> segments;
    };
    struct Seen
    {
        std::vector<std::function<void()>> wakes;
        int asked = 0;
        bool destroyed = false;
    };
    FakeSource(std::vector<Step> steps, std::shared_ptr<Seen> seen)
        : steps_(std::move(steps)), seen_(std::move(seen))
    {
    }
    ~FakeSource() override { seen_->destroyed = true; }
    [[nodiscard]] State next(std::vector<Segment>& out, std::function<void()> wake) override
    {
        EXPECT_TRUE(out.empty());
        Step& step = steps_.at(static_cast<std::size_t>(seen_->asked++));
        out = std::move(step.segments);
        if (step.state == State::Pending)
            seen_->wakes.push_back(std::move(wake));
        return step.state;
    }
    [[nodiscard]] std::uint64_t bytesLeft() const noexcept override { return 1; }

private:
    std::vector<Step> steps_;
    std::shared_ptr<Seen> seen_;
};

/// Hands events to the test. By default it reads what comes, keeps it, and closes with its peer.
class FakeProtocol final : public Protocol
{
public:
    void readable(Connection& connection) override
    {
        last = &connection;
        if (onReadable) {
            onReadable(connection);
            return;
        }
        char buffer[4096];
        for (;;) {
            const auto n = connection.receive(buffer, sizeof buffer);
            if (n < 0)
                connection.closeNow(EndReason::PeerClosed);
            if (n <= 0)
                return;
            received.append(buffer, static_cast<std::size_t>(n));
            if (onBytes) {
                onBytes(connection);
                return;
            }
        }
    }
    void answerEnded(Connection& connection, bool complete) override
    {
        ended.push_back(complete);
        if (onEnded)
            onEnded(connection, complete);
        else if (complete)
            connection.setReading();
    }
    void readTimedOut(Connection& connection) override
    {
        ++timedOut;
        connection.closeNow(EndReason::HeadTimeout);
    }

    std::function<void(Connection&)> onReadable, onBytes;
    std::function<void(Connection&, bool)> onEnded;
    Connection* last = nullptr;
    std::string received;
    std::vector<bool> ended;
    int timedOut = 0;
};

/// Bytes in which every place looks different, so that a slip shows.
inline std::string pattern(std::size_t size, unsigned seed = 1)
{
    std::string bytes(size, '\0');
    std::uint32_t state = seed * 2654435761U + 1;
    for (char& c : bytes) {
        state = state * 1664525U + 1013904223U;
        c = static_cast<char>('a' + (state >> 24) % 26);
    }
    return bytes;
}

} // namespace spillway::net
