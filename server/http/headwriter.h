// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spillway::http {

/// Writes one response head into a buffer of its own, which a worker reuses for every answer. Bounded: what
/// does not fit is left out whole, field by field, and overflowed() tells. Values that hold CR, LF or NUL are
/// refused the same way, so no answer can be split by a name or a setting.
class HeadWriter
{
public:
    /// "HTTP/1.1 206 Partial Content\r\n". The version is always 1.1, as RFC 9110 §2.5 wants of a 1.1 server.
    void begin(int status);
    /// Starts with a head made elsewhere, without its empty line.
    void take(std::string_view head);
    void field(std::string_view name, std::string_view value);
    void field(std::string_view name, std::uint64_t value);
    /// The Date line, RFC 9110 §6.6.1. The text is kept and made anew when the second changes.
    void date(std::int64_t unixSeconds);
    /// A whole line or several, each ended by CRLF, made by our own code.
    void lines(std::string_view ready);
    void finish(); ///< the empty line

    [[nodiscard]] std::string_view text() const noexcept { return {buffer_.data(), size_}; }
    [[nodiscard]] bool overflowed() const noexcept { return overflowed_; }
    /// Offset of the 29 characters of the date in text(); 0 where there is none.
    [[nodiscard]] std::size_t dateOffset() const noexcept { return dateOffset_; }

private:
    [[nodiscard]] bool room(std::size_t bytes) noexcept;
    void append(std::string_view text) noexcept;

    std::array<char, 12 * 1024> buffer_;
    std::size_t size_ = 0;
    std::size_t dateOffset_ = 0;
    std::int64_t dateSecond_ = -1;
    char dateText_[29] = {};
    bool overflowed_ = false;
};

} // namespace spillway::http
