// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/settingvalue.h"

#include <algorithm>
#include <charconv>

namespace spillway::config {

namespace {

tl::unexpected<Error> bad(std::string message)
{
    return fail(ErrorCode::InvalidArgument, std::move(message));
}

std::string quoted(const Row& row, std::string_view text)
{
    return row.secret ? "this value" : "\"" + std::string(text) + "\"";
}

std::string numberText(Type type, std::int64_t number)
{
    switch (type) {
    case Type::Bytes:
        return formatBytes(Bytes{number});
    case Type::Rate:
        return formatRate(BytesPerSecond{number});
    case Type::Duration:
        return formatDuration(std::chrono::milliseconds(number));
    default:
        return std::to_string(number);
    }
}

Result<bool> parseBool(std::string_view text)
{
    if (text == "true" || text == "1")
        return true;
    if (text == "false" || text == "0")
        return false;
    return bad("\"" + std::string(text) + "\" is not true or false");
}

Result<std::int64_t> parseInteger(std::string_view text)
{
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end)
        return bad("\"" + std::string(text) + "\" is not a whole number");
    return number;
}

/// scheme://host[:port][/path], nothing that a name or a signature put behind it would collide with.
bool isPublicUrl(std::string_view url)
{
    const bool scheme = url.starts_with("http://") || url.starts_with("https://");
    if (!scheme || std::any_of(url.begin(), url.end(), [](char c) { return c <= ' ' || c > '~'; }))
        return false;
    const std::string_view rest = url.substr(url.find("//") + 2);
    return !rest.empty() && rest.front() != '/' && rest.front() != ':' &&
           rest.find_first_of("?#@\\\"<>") == std::string_view::npos;
}

bool isChoice(const Row& row, std::string_view text)
{
    std::string_view rest = row.choices;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('|'), rest.size());
        if (rest.substr(0, end) == text)
            return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

/// The range, where 0 is also good if the row gives it a meaning.
Result<Value> inRange(const Row& row, std::int64_t measure, Value value, const char* what)
{
    if ((measure >= row.min && measure <= row.max) || (measure == 0 && !row.zeroMeans.empty()))
        return value;
    return bad(std::string(what) + (measure < row.min ? " is too small" : " is too large") + ": allowed is " +
               formatRange(row));
}

template<class Parsed>
Result<Value> number(const Row& row, std::string_view text, Parsed parsed,
                     std::int64_t (*count)(typename Parsed::value_type))
{
    if (!parsed)
        return fail(std::move(parsed.error()));
    return inRange(row, count(*parsed), *parsed, quoted(row, text).c_str());
}

template<class Item, class Parse>
Result<Value> list(const Row& row, const std::vector<std::string>& texts, Parse parse)
{
    std::vector<Item> items;
    for (const std::string& text : texts) {
        auto item = parse(text);
        if (!item)
            return fail(std::move(item.error()));
        items.push_back(*item);
    }
    const auto count = static_cast<std::int64_t>(items.size());
    return inRange(row, count, std::move(items), "the number of entries");
}

Result<Value> text(const Row& row, const std::string& text)
{
    if (row.type == Type::Choice && !isChoice(row, text))
        return bad(quoted(row, text) + " is not one of " + formatRange(row));
    if (row.type == Type::Url && !text.empty() && !isPublicUrl(text))
        return bad(quoted(row, text) +
                   " is not a public URL: write it as https://files.example.org or http://host:8080/sub");
    if (text.find('\0') != std::string::npos || text.find('\n') != std::string::npos)
        return bad("the text has a line break or a NUL in it");
    if (row.type == Type::Choice)
        return Value(text);
    return inRange(row, static_cast<std::int64_t>(text.size()), text, "the length of the text");
}

/// Plain, so that what lies below it is known by its text alone.
Result<std::string> parseFolder(const std::string& text)
{
    std::string_view path = text;
    while (path.size() > 1 && path.ends_with('/'))
        path.remove_suffix(1);
    if (!path.starts_with('/') || path.find('\0') != std::string_view::npos ||
        path.find('\n') != std::string_view::npos)
        return bad("\"" + text + "\" is not the absolute path of a folder, as \"/srv/files\"");
    const std::string inner = std::string(path.substr(path.size() == 1 ? 1 : 0)) + "/";
    for (const std::string_view wrong : {"//", "/./", "/../"})
        if (inner.find(wrong) != std::string::npos)
            return bad("\"" + text + "\" is not written plainly: leave out empty parts, \".\" and \"..\"");
    return std::string(path);
}

std::string tomlString(std::string_view text)
{
    std::string out = "\"";
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            constexpr std::string_view digits = "0123456789ABCDEF";
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

} // namespace

const char* typeName(Type type)
{
    switch (type) {
    case Type::Bool:
        return "true or false";
    case Type::Integer:
        return "number";
    case Type::Bytes:
        return "size";
    case Type::Rate:
        return "rate";
    case Type::Duration:
        return "duration";
    case Type::String:
        return "text";
    case Type::Choice:
        return "word";
    case Type::Url:
        return "URL";
    case Type::Endpoints:
        return "list of ADDR:PORT";
    case Type::Cidrs:
        return "list of address blocks";
    case Type::Folders:
        return "list of folders";
    }
    return "";
}

std::vector<std::string> splitList(std::string_view text)
{
    std::vector<std::string> pieces;
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        std::string_view piece = text.substr(0, end);
        while (piece.starts_with(' '))
            piece.remove_prefix(1);
        while (piece.ends_with(' '))
            piece.remove_suffix(1);
        pieces.emplace_back(piece);
        if (end == text.size())
            break;
        text.remove_prefix(end + 1);
        if (text.empty())
            pieces.emplace_back(); // a comma at the end: an empty entry, which no list takes
    }
    return pieces;
}

Result<Value> parseValue(const Row& row, const std::vector<std::string>& texts)
{
    if (row.type == Type::Endpoints)
        return list<Endpoint>(row, texts, parseEndpoint);
    if (row.type == Type::Cidrs)
        return list<Cidr>(row, texts, parseCidr);
    if (row.type == Type::Folders)
        return list<std::string>(row, texts, parseFolder);
    if (texts.size() != 1)
        return bad("takes one value, not a list");
    const std::string& one = texts.front();
    switch (row.type) {
    case Type::Bool: {
        const auto flag = parseBool(one);
        return flag ? Result<Value>(Value(*flag)) : Result<Value>(fail(flag.error()));
    }
    case Type::Integer:
        return number(row, one, parseInteger(one), [](std::int64_t n) { return n; });
    case Type::Bytes:
        return number(row, one, parseBytes(one), [](Bytes n) { return n.count; });
    case Type::Rate:
        return number(row, one, parseRate(one), [](BytesPerSecond n) { return n.count; });
    case Type::Duration:
        return number(row, one, parseDuration(one),
                      [](std::chrono::milliseconds n) { return std::int64_t{n.count()}; });
    default:
        return text(row, one);
    }
}

std::vector<std::string> formatValue(const Row& row, const Value& value)
{
    std::vector<std::string> texts;
    if (const auto* endpoints = std::get_if<std::vector<Endpoint>>(&value)) {
        for (const Endpoint& endpoint : *endpoints)
            texts.push_back(formatEndpoint(endpoint));
    } else if (const auto* blocks = std::get_if<std::vector<Cidr>>(&value)) {
        for (const Cidr& block : *blocks)
            texts.push_back(formatCidr(block));
    } else if (const auto* folders = std::get_if<std::vector<std::string>>(&value)) {
        texts = *folders;
    } else if (const auto* flag = std::get_if<bool>(&value)) {
        texts.emplace_back(*flag ? "true" : "false");
    } else if (const auto* plain = std::get_if<std::string>(&value)) {
        texts.push_back(*plain);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        texts.push_back(numberText(row.type, *integer));
    } else if (const auto* size = std::get_if<Bytes>(&value)) {
        texts.push_back(formatBytes(*size));
    } else if (const auto* rate = std::get_if<BytesPerSecond>(&value)) {
        texts.push_back(formatRate(*rate));
    } else if (const auto* duration = std::get_if<std::chrono::milliseconds>(&value)) {
        texts.push_back(formatDuration(*duration));
    }
    return texts;
}

std::string formatToml(const Row& row, const Value& value)
{
    const auto texts = formatValue(row, value);
    if (row.type == Type::Bool || row.type == Type::Integer)
        return texts.front();
    if (!isList(row.type))
        return tomlString(texts.front());
    std::string out = "[";
    for (const std::string& item : texts)
        out += (out.size() > 1 ? ", " : "") + tomlString(item);
    return out + "]";
}

std::string formatRange(const Row& row)
{
    switch (row.type) {
    case Type::Bool:
        return "";
    case Type::Choice: {
        std::string words;
        for (char c : row.choices)
            words += c == '|' ? std::string(", ") : std::string(1, c);
        return words;
    }
    case Type::String:
    case Type::Url:
        return (row.min > 0 ? std::to_string(row.min) + " to " : "up to ") + std::to_string(row.max) +
               " bytes";
    case Type::Endpoints:
    case Type::Cidrs:
    case Type::Folders:
        return std::to_string(row.min) + " to " + std::to_string(row.max) + " entries";
    default:
        break;
    }
    if (row.max == std::numeric_limits<std::int64_t>::max())
        return numberText(row.type, row.min) + " or more";
    return numberText(row.type, row.min) + " to " + numberText(row.type, row.max);
}

} // namespace spillway::config
