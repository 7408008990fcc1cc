// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/uniquefd.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace spillway::bench {

// What the load programs share: options, addresses, and just enough of HTTP to know where an answer ends.

/// "--name value" pairs; anything else ends the program with a message.
class Options
{
public:
    Options(int argc, char** argv)
    {
        for (int i = 1; i < argc; i += 2) {
            const std::string_view name(argv[i]);
            if (!name.starts_with("--") || i + 1 >= argc) {
                std::fprintf(stderr, "%s: expected --name value, not %s\n", argv[0], argv[i]);
                std::exit(2);
            }
            values_.emplace(name.substr(2), argv[i + 1]);
        }
    }
    [[nodiscard]] std::string text(const std::string& name, const std::string& otherwise) const
    {
        const auto found = values_.find(name);
        return found == values_.end() ? otherwise : found->second;
    }
    [[nodiscard]] long number(const std::string& name, long otherwise) const
    {
        const auto found = values_.find(name);
        return found == values_.end() ? otherwise : std::strtol(found->second.c_str(), nullptr, 10);
    }

private:
    std::map<std::string, std::string> values_;
};

inline sockaddr_in address(const char* host, int port)
{
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::inet_pton(AF_INET, host, &result.sin_addr) != 1) {
        std::fprintf(stderr, "not an IPv4 address: %s\n", host);
        std::exit(2);
    }
    return result;
}

/// Follows one answer: feed it what arrives, in pieces of any size. Needs Content-Length, as all servers here
/// send.
class AnswerReader
{
public:
    /// Bytes of `data` that belong to this answer.
    std::size_t feed(std::string_view data)
    {
        std::size_t used = 0;
        if (!headDone_) {
            const std::size_t before = head_.size();
            head_.append(data.substr(0, std::min<std::size_t>(data.size(), 16384)));
            const std::size_t end = head_.find("\r\n\r\n");
            if (end == std::string::npos) {
                failed_ = head_.size() > 16384;
                return data.size();
            }
            used = end + 4 - before;
            head_.resize(end + 4);
            readHead();
        }
        const std::uint64_t body = std::min<std::uint64_t>(data.size() - used, left_);
        left_ -= body;
        return used + static_cast<std::size_t>(body);
    }
    /// Body bytes that were taken from the socket without being looked at.
    void skip(std::uint64_t bytes) { left_ -= std::min(left_, bytes); }

    [[nodiscard]] bool headDone() const { return headDone_; }
    [[nodiscard]] bool done() const { return headDone_ && left_ == 0; }
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] int status() const { return status_; }
    [[nodiscard]] std::uint64_t bodyLeft() const { return left_; }
    void reset() { *this = AnswerReader(); }

private:
    void readHead()
    {
        headDone_ = true;
        if (head_.size() > 12)
            status_ = static_cast<int>(std::strtol(head_.c_str() + 9, nullptr, 10));
        for (char& c : head_)
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        const std::size_t at = head_.find("\r\ncontent-length:");
        if (at == std::string::npos)
            failed_ = true;
        else
            left_ = std::strtoull(head_.c_str() + at + 17, nullptr, 10);
    }

    std::string head_;
    std::uint64_t left_ = 0;
    int status_ = 0;
    bool headDone_ = false;
    bool failed_ = false;
};

inline std::string getRequest(const std::string& path)
{
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: spillway-bench\r\n\r\n";
}

} // namespace spillway::bench
