// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/query.h"

#include "server/http/chars.h"

namespace spillway::http {

namespace {

/// Takes one decoded byte off the front of `raw`; false at a malformed escape.
bool takeByte(std::string_view& raw, char& c)
{
    if (raw.front() != '%') {
        c = raw.front();
        raw.remove_prefix(1);
        return true;
    }
    if (raw.size() < 3 || !chars::is(raw[1], chars::Hex) || !chars::is(raw[2], chars::Hex))
        return false;
    c = static_cast<char>(chars::hexValue(raw[1]) << 4 | chars::hexValue(raw[2]));
    raw.remove_prefix(3);
    return true;
}

/// Whether the decoded form of `raw` starts with `text`; what follows it stays in `raw`.
bool takePrefix(std::string_view& raw, std::string_view text)
{
    for (char wanted : text) {
        char c = 0;
        if (raw.empty() || !takeByte(raw, c) || c != wanted)
            return false;
    }
    return true;
}

} // namespace

bool percentDecode(std::string_view raw, std::string& out)
{
    out.clear();
    out.reserve(raw.size());
    while (!raw.empty()) {
        char c = 0;
        if (!takeByte(raw, c))
            return false;
        out += c;
    }
    return true;
}

bool QueryParameter::nameIs(std::string_view name) const
{
    std::string_view rest = rawName;
    return takePrefix(rest, name) && rest.empty();
}

bool QueryParameter::nameStartsWith(std::string_view prefix) const
{
    std::string_view rest = rawName;
    return takePrefix(rest, prefix);
}

std::optional<std::string> QueryParameter::name() const
{
    std::string out;
    return percentDecode(rawName, out) ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<std::string> QueryParameter::value() const
{
    std::string out;
    return percentDecode(rawValue, out) ? std::optional(std::move(out)) : std::nullopt;
}

Query::Iterator& Query::Iterator::operator++()
{
    while (!rest_.empty() && rest_.front() == '&')
        rest_.remove_prefix(1);
    if (rest_.empty() || seen_ == kMaxParameters) {
        done_ = true;
        seen_ = 0;
        return *this;
    }
    ++seen_;
    const std::size_t end = rest_.find('&');
    const std::string_view piece = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end);
    const std::size_t equals = piece.find('=');
    current_.rawName = piece.substr(0, equals);
    current_.rawValue = equals == std::string_view::npos ? std::string_view() : piece.substr(equals + 1);
    return *this;
}

bool Query::tooMany() const
{
    std::size_t pieces = 0;
    bool inside = false;
    for (char c : raw_) {
        if (c == '&')
            inside = false;
        else if (!inside) {
            inside = true;
            ++pieces;
        }
    }
    return pieces > kMaxParameters;
}

std::size_t Query::count(std::string_view name) const
{
    std::size_t found = 0;
    for (const QueryParameter& parameter : *this)
        if (parameter.nameIs(name))
            ++found;
    return found;
}

std::optional<QueryParameter> Query::find(std::string_view name) const
{
    for (const QueryParameter& parameter : *this)
        if (parameter.nameIs(name))
            return parameter;
    return std::nullopt;
}

} // namespace spillway::http
