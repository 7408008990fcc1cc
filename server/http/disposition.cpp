// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/disposition.h"

#include "server/http/chars.h"
#include "server/http/utf8.h"

namespace spillway::http {

namespace {

bool harmful(char32_t code)
{
    const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
    const bool direction = code == 0x200e || code == 0x200f || code == 0x061c ||
                           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    return control || direction || code == '/' || code == '\\';
}

void appendPercent(std::string& out, char c)
{
    constexpr char hex[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += hex[byte >> 4];
    out += hex[byte & 15U];
}

/// value-chars of RFC 8187 §3.2.1.
void appendExtended(std::string& out, std::string_view text)
{
    for (char c : text) {
        if (chars::is(c, chars::Attr))
            out += c;
        else
            appendPercent(out, c);
    }
}

} // namespace

std::string contentDisposition(Disposition type, std::string_view name)
{
    if (name.empty() || name == "." || name == "..")
        name = "download";
    std::string plain;
    std::string extended;
    bool needsExtended = false;
    while (!name.empty()) {
        const Utf8Step step = decodeUtf8(name);
        const std::string_view sequence = name.substr(0, step.bytes);
        name.remove_prefix(step.bytes);
        if (!step.valid) {
            std::string escaped;
            appendPercent(escaped, sequence.front());
            appendExtended(extended, escaped);
            plain += '_';
            needsExtended = true;
        } else if (harmful(step.codePoint)) {
            extended += '_';
            plain += '_';
        } else if (step.codePoint < 0x7f) {
            appendExtended(extended, sequence);
            if (step.codePoint == '"')
                plain += '\\';
            plain += sequence;
            needsExtended = needsExtended || step.codePoint == '"' || step.codePoint == '%';
        } else {
            appendExtended(extended, sequence);
            plain += '_';
            needsExtended = true;
        }
    }
    std::string value = type == Disposition::Inline ? "inline; filename=\"" : "attachment; filename=\"";
    value += plain;
    value += '"';
    if (needsExtended) {
        value += "; filename*=UTF-8''";
        value += extended;
    }
    return value;
}

} // namespace spillway::http
