// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/headwriter.h"

#include "server/http/httpdate.h"
#include "server/http/status.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace spillway::http {

bool HeadWriter::room(std::size_t bytes) noexcept
{
    // Two bytes stay free for the empty line that ends every head.
    if (buffer_.size() - 2 - size_ >= bytes)
        return true;
    overflowed_ = true;
    return false;
}

void HeadWriter::append(std::string_view text) noexcept
{
    if (text.empty()) // its data() may be null, which memcpy must not see
        return;
    std::memcpy(buffer_.data() + size_, text.data(), text.size());
    size_ += text.size();
}

void HeadWriter::begin(int status)
{
    size_ = dateOffset_ = 0;
    overflowed_ = false;
    append("HTTP/1.1 ");
    size_ = static_cast<std::size_t>(
        std::to_chars(buffer_.data() + size_, buffer_.data() + size_ + 3, status).ptr - buffer_.data());
    append(" ");
    append(reasonPhrase(status));
    append("\r\n");
}

void HeadWriter::take(std::string_view head)
{
    size_ = dateOffset_ = 0;
    overflowed_ = false;
    lines(head);
}

void HeadWriter::field(std::string_view name, std::string_view value)
{
    const bool clean = value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
    if (!clean || !room(name.size() + value.size() + 4)) {
        overflowed_ = true;
        return;
    }
    append(name);
    append(": ");
    append(value);
    append("\r\n");
}

void HeadWriter::field(std::string_view name, std::uint64_t value)
{
    std::array<char, 20> digits;
    auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    field(name, std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

void HeadWriter::date(std::int64_t unixSeconds)
{
    if (unixSeconds != dateSecond_) {
        formatHttpDate(unixSeconds, dateText_);
        dateSecond_ = unixSeconds;
    }
    if (!room(sizeof dateText_ + 8))
        return;
    append("Date: ");
    dateOffset_ = size_;
    append({dateText_, sizeof dateText_});
    append("\r\n");
}

void HeadWriter::lines(std::string_view ready)
{
    if (room(ready.size()))
        append(ready);
}

void HeadWriter::finish()
{
    append("\r\n");
}

} // namespace spillway::http
