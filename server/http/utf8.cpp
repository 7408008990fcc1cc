// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/utf8.h"

#include <cstdint>
#include <cstring>

namespace spillway::http {

Utf8Step decodeUtf8(std::string_view text)
{
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80)
        return {lead, 1, true};
    std::size_t length = 0;
    char32_t code = 0;
    if (lead >= 0xc2 && lead <= 0xdf) {
        length = 2;
        code = lead & 0x1fU;
    } else if ((lead & 0xf0U) == 0xe0) {
        length = 3;
        code = lead & 0x0fU;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        length = 4;
        code = lead & 0x07U;
    } else {
        return {};
    }
    if (text.size() < length)
        return {};
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80)
            return {};
        code = code << 6 | (byte(i) & 0x3fU);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
        return {};
    return {code, length, true};
}

bool isUtf8(std::string_view text)
{
    while (!text.empty()) {
        // Most text is ASCII: eight bytes at a time.
        std::uint64_t eight = 0;
        if (text.size() >= sizeof eight) {
            std::memcpy(&eight, text.data(), sizeof eight);
            if ((eight & 0x8080808080808080U) == 0) {
                text.remove_prefix(sizeof eight);
                continue;
            }
        }
        const Utf8Step step = decodeUtf8(text);
        if (!step.valid)
            return false;
        text.remove_prefix(step.bytes);
    }
    return true;
}

void appendJsonString(std::string& out, std::string_view text)
{
    constexpr char hex[] = "0123456789abcdef";
    out += '"';
    while (!text.empty()) {
        const Utf8Step step = decodeUtf8(text);
        const std::string_view sequence = text.substr(0, step.bytes);
        text.remove_prefix(step.bytes);
        const char32_t code = step.codePoint;
        if (!step.valid) {
            out += "\xef\xbf\xbd";
        } else if (code == '"' || code == '\\') {
            out += '\\';
            out += sequence;
        } else if (code == '\n') {
            out += "\\n";
        } else if (code == '\t') {
            out += "\\t";
        } else if (code == '\r') {
            out += "\\r";
        } else if (code < 0x20 || code == 0x7f || code == '<' || code == '>' || code == '&') {
            out += "\\u00";
            out += hex[code >> 4];
            out += hex[code & 15U];
        } else if (code == 0x2028 || code == 0x2029) { // line ends to JavaScript before 2019
            out += code == 0x2028 ? "\\u2028" : "\\u2029";
        } else {
            out += sequence;
        }
    }
    out += '"';
}

} // namespace spillway::http
