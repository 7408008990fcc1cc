// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/get/transfer.h"

#include <cstdio>
#include <string>
#include <vector>

namespace spillway::get {

/// Says what happens: a bar on the terminal that standard error is, JSON lines on standard output with
/// --json, else nothing but failures. One thread.
class Report
{
public:
    enum class Manner
    {
        Quiet,
        Terminal,
        Json
    };
    Report(Manner manner, const Clock& clock);

    void begin(const std::string& url, const std::string& path, std::optional<std::uint64_t> size,
               std::uint64_t resumed);
    void retry(const std::string& url, const std::string& why, std::chrono::milliseconds wait);
    void restart(const std::string& url, const std::string& why);
    void done(const std::string& url, const Transfer& transfer, Monotonic began);
    void failed(const std::string& url, const TransferFailure& failure, const std::string& path);
    /// After the last of several.
    void end(std::size_t files, std::size_t failures);
    /// Anything else on a line of its own, but in JSON.
    void say(const std::string& sentence);
    /// Now and then: how far all that run are. `waiting` files are not begun.
    void progress(const std::vector<const Transfer*>& running, std::size_t waiting, Monotonic now);
    void clear(); ///< no bar where something else is to be printed

private:
    void line(const std::string& json);

    Manner manner_;
    const Clock& clock_;
    RateMeter meter_{std::chrono::seconds(3)};
    std::uint64_t metered_ = 0; ///< of `received` of all that run
    Monotonic next_{};
    bool shown_ = false;
};

} // namespace spillway::get
