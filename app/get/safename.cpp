// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/safename.h"

#include "server/http/query.h"
#include "server/http/utf8.h"

namespace spillway::get {

namespace {

constexpr std::size_t kMostBytes = 200; ///< of 255: room for ".part.journal"
constexpr std::size_t kMostExtension = 20;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool equalsWithoutCase(std::string_view a, std::string_view b)
{
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

void skipBlanks(std::string_view& text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
}

std::string utf8OfLatin1(std::string_view bytes)
{
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xc0 | byte >> 6);
            out += static_cast<char>(0x80 | (byte & 0x3f));
        }
    }
    return out;
}

/// A quoted string or a token at the front of `text`, which goes on behind it. None where there is neither.
std::optional<std::string> takeValue(std::string_view& text)
{
    std::string value;
    if (!text.starts_with('"')) {
        const auto end = text.find_first_of("; \t\"");
        value = text.substr(0, end);
        text.remove_prefix(value.size());
        if (value.empty())
            return std::nullopt;
        return value;
    }
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return value;
        }
        // A "\" before anything but a quote or itself is an old client's path, not an escape (RFC 6266 App.
        // D).
        if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\'))
            ++i;
        value += text[i];
    }
    return std::nullopt;
}

/// RFC 8187 §3.2.1: UTF-8'language'percent-encoded
std::optional<std::string> decodeExtended(std::string_view value)
{
    const auto first = value.find('\'');
    const auto second = first == std::string_view::npos ? first : value.find('\'', first + 1);
    if (second == std::string_view::npos)
        return std::nullopt;
    const std::string_view charset = value.substr(0, first);
    std::string bytes;
    if (!http::percentDecode(value.substr(second + 1), bytes))
        return std::nullopt;
    if (equalsWithoutCase(charset, "UTF-8"))
        return http::isUtf8(bytes) ? std::optional(bytes) : std::nullopt;
    if (equalsWithoutCase(charset, "ISO-8859-1"))
        return utf8OfLatin1(bytes);
    return std::nullopt;
}

/// Not longer than it may be, cut between characters, with its extension.
std::string shortened(std::string name)
{
    if (name.size() <= kMostBytes)
        return name;
    const auto dot = name.rfind('.');
    std::string extension;
    if (dot != std::string::npos && name.size() - dot <= kMostExtension)
        extension = name.substr(dot);
    std::size_t end = kMostBytes - extension.size();
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80)
        --end;
    return name.substr(0, end) + extension;
}

} // namespace

std::optional<std::string> dispositionName(std::string_view field)
{
    const auto semicolon = field.find(';');
    if (semicolon == std::string_view::npos)
        return std::nullopt;
    std::optional<std::string> plain, extended;
    std::string_view rest = field.substr(semicolon);
    while (!rest.empty()) {
        skipBlanks(rest);
        if (rest.empty())
            break;
        if (rest.front() != ';')
            return std::nullopt;
        rest.remove_prefix(1);
        skipBlanks(rest);
        if (rest.empty() || rest.front() == ';')
            continue;
        std::string_view name = rest.substr(0, rest.find_first_of("=; \t"));
        rest.remove_prefix(name.size());
        skipBlanks(rest);
        if (!rest.starts_with('='))
            return std::nullopt;
        rest.remove_prefix(1);
        skipBlanks(rest);
        auto value = takeValue(rest);
        if (!value)
            return std::nullopt;
        if (equalsWithoutCase(name, "filename*") && !extended)
            extended = decodeExtended(*value);
        else if (equalsWithoutCase(name, "filename") && !plain)
            plain = http::isUtf8(*value) ? *value : utf8OfLatin1(*value);
    }
    return extended ? extended : plain;
}

std::string safeName(std::string_view text)
{
    const auto slash = text.find_last_of("/\\");
    if (slash != std::string_view::npos)
        text.remove_prefix(slash + 1);
    std::string name;
    while (!text.empty()) {
        const http::Utf8Step step = http::decodeUtf8(text);
        const char32_t code = step.codePoint;
        // C0, DEL, C1, and the marks that turn the direction of writing: "gpj.exe" must not look like
        // "exe.jpg".
        const bool bad = !step.valid || code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x200e ||
                         code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
                         (code >= 0x2066 && code <= 0x2069) || code == 0x2028 || code == 0x2029 ||
                         code == 0xfeff;
        bad ? name += '_' : name += text.substr(0, step.bytes);
        text.remove_prefix(step.bytes);
    }
    while (!name.empty() && name.back() == ' ')
        name.pop_back();
    const auto start = name.find_first_not_of(' ');
    name.erase(0, start == std::string::npos ? name.size() : start);
    if (name.find_first_not_of('.') == std::string::npos)
        return {};
    if (name.starts_with('.'))
        name.front() = '_';
    name = shortened(std::move(name));
    if (name.ends_with(".part") || name.ends_with(".part.journal"))
        name += '_';
    return name;
}

std::string chooseName(std::string_view disposition, std::string_view path)
{
    if (const auto proposed = dispositionName(disposition))
        if (std::string name = safeName(*proposed); !name.empty())
            return name;
    while (path.ends_with('/'))
        path.remove_suffix(1);
    const auto slash = path.rfind('/');
    const std::string_view last = slash == std::string_view::npos ? path : path.substr(slash + 1);
    std::string decoded;
    if (!http::percentDecode(last, decoded))
        decoded = last;
    std::string name = safeName(decoded);
    return name.empty() ? "download" : name;
}

std::optional<std::string> safeRelativePath(std::string_view path)
{
    constexpr std::size_t mostPath = 3800; // PATH_MAX is 4096, with the user's folder
    if (path.empty() || path.size() > mostPath || path.find('\0') != std::string_view::npos)
        return std::nullopt;
    std::string_view rest = path;
    for (;;) {
        const auto slash = rest.find('/');
        const std::string_view part = rest.substr(0, slash);
        if (part.empty() || part == "." || part == ".." || part.size() > 255)
            return std::nullopt;
        if (slash == std::string_view::npos)
            return std::string(path);
        rest.remove_prefix(slash + 1);
    }
}

} // namespace spillway::get
