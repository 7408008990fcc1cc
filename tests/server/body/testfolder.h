// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/uniquefd.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <mutex>
#include <string>
#include <string_view>
#include <unistd.h>

namespace spillway::body {

/// A folder on a real disk that is gone after the test.
class TestFolder
{
public:
    TestFolder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "spillway-body-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            ADD_FAILURE() << "no temporary folder";
        path_ = name;
    }
    ~TestFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;

    [[nodiscard]] std::string path(std::string_view below = {}) const
    {
        return below.empty() ? path_ : path_ + "/" + std::string(below);
    }
    void folder(std::string_view name) const { std::filesystem::create_directories(path(name)); }
    void file(std::string_view name, std::string_view bytes = "x") const
    {
        std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
        std::ofstream out(path(name), std::ios::binary | std::ios::trunc);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        ASSERT_TRUE(out.good()) << name;
    }
    void link(const std::string& target, std::string_view name) const
    {
        ASSERT_EQ(::symlink(target.c_str(), path(name).c_str()), 0) << name;
    }

private:
    std::string path_;
};

/// A clock that stands until a test moves it.
class SetClock final : public Clock
{
public:
    [[nodiscard]] Monotonic monotonic() const override { return Monotonic(now_.load()); }
    [[nodiscard]] WallTime wall() const override { return WallTime(now_.load()); }
    void advance(std::chrono::nanoseconds by) { now_.store(now_.load() + by); }

private:
    std::atomic<std::chrono::nanoseconds> now_{std::chrono::hours(24 * 365 * 50)};
};

/// Stands for a worker's event loop: functions posted from pool threads run where run...() is called.
class TestLoop
{
public:
    [[nodiscard]] std::function<void(std::function<void()>)> post()
    {
        return [this](std::function<void()> task) {
            {
                std::lock_guard lock(mutex_);
                tasks_.push_back(std::move(task));
            }
            came_.notify_one();
        };
    }
    /// Waits for one task and runs it; false after 60 s without one (a hang is a failure, not a wait for
    /// ever).
    bool runOne()
    {
        std::function<void()> task;
        {
            std::unique_lock lock(mutex_);
            if (!came_.wait_for(lock, std::chrono::seconds(60), [this] { return !tasks_.empty(); }))
                return false;
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        task();
        return true;
    }
    template<class Done>
    [[nodiscard]] bool runUntil(Done&& done)
    {
        while (!done())
            if (!runOne())
                return false;
        return true;
    }
    [[nodiscard]] bool empty()
    {
        std::lock_guard lock(mutex_);
        return tasks_.empty();
    }

private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<std::function<void()>> tasks_;
};

} // namespace spillway::body
