// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/accept.h"

#include "server/http/chars.h"

namespace spillway::http {

namespace {

/// Takes what stands before the next `separator` outside of quotes.
std::string_view takePiece(std::string_view& rest, char separator)
{
    bool quoted = false;
    std::size_t at = 0;
    for (; at < rest.size(); ++at) {
        if (rest[at] == '"')
            quoted = !quoted;
        else if (quoted && rest[at] == '\\' && at + 1 < rest.size())
            ++at;
        else if (!quoted && rest[at] == separator)
            break;
    }
    const std::string_view piece = chars::trim(rest.substr(0, at));
    rest = at < rest.size() ? rest.substr(at + 1) : std::string_view();
    return piece;
}

/// qvalue of RFC 9110 §12.4.2 in thousandths, or -1.
int parseWeight(std::string_view text)
{
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
        (text.size() > 1 && text[1] != '.'))
        return -1;
    int weight = (text[0] - '0') * 1000;
    int unit = 100;
    for (std::size_t i = 2; i < text.size(); ++i, unit /= 10) {
        if (!chars::is(text[i], chars::Digit))
            return -1;
        weight += (text[i] - '0') * unit;
    }
    return weight <= kFullWeight ? weight : -1;
}

struct Member
{
    std::string_view range; ///< media range or language range
    int weight = kFullWeight;
};

/// The next member with a good weight; false at the end.
bool takeMember(std::string_view& rest, Member& member)
{
    while (!rest.empty()) {
        std::string_view piece = takePiece(rest, ',');
        member.range = takePiece(piece, ';');
        member.weight = kFullWeight;
        while (!piece.empty()) {
            const std::string_view parameter = takePiece(piece, ';');
            if (parameter.starts_with("q=") || parameter.starts_with("Q="))
                member.weight = parseWeight(parameter.substr(2));
        }
        if (!member.range.empty() && member.weight >= 0)
            return true;
    }
    return false;
}

/// 3 for the type itself, 2 for "type/*", 1 for "*/*", 0 for no match.
int typeMatch(std::string_view range, std::string_view type)
{
    if (chars::equalsLower(range, type))
        return 3;
    if (range == "*/*")
        return 1;
    const std::size_t slash = type.find('/');
    return slash != std::string_view::npos && range.ends_with("/*") &&
                   chars::equalsLower(range.substr(0, range.size() - 2), type.substr(0, slash))
               ? 2
               : 0;
}

bool startsWithLower(std::string_view text, std::string_view lower)
{
    return text.size() >= lower.size() && chars::equalsLower(text.substr(0, lower.size()), lower);
}

/// The longer the part that both share, the greater; "*" 1; 0 for no match. Full tags beat fallbacks to their
/// front.
std::size_t languageMatch(std::string_view range, std::string_view tag)
{
    if (chars::equalsLower(range, tag))
        return 4 * tag.size() + 2;
    if (range == "*")
        return 1;
    if (tag.size() > range.size() && tag[range.size()] == '-' &&
        chars::equalsLower(range, tag.substr(0, range.size())))
        return 4 * range.size() + 1;
    if (range.size() > tag.size() && range[tag.size()] == '-' && startsWithLower(range, tag))
        return 2; // RFC 4647 §3.4: the range cut short; anything named itself is nearer
    return 0;
}

} // namespace

bool acceptNames(std::string_view accept, std::string_view type)
{
    Member member;
    while (takeMember(accept, member))
        if (member.weight > 0 && chars::equalsLower(member.range, type))
            return true;
    return false;
}

int acceptWeight(std::string_view accept, std::string_view type)
{
    if (accept.data() == nullptr)
        return kFullWeight;
    int weight = 0;
    int best = 0;
    Member member;
    while (takeMember(accept, member)) {
        const int match = typeMatch(member.range, type);
        if (match > best) {
            best = match;
            weight = member.weight;
        }
    }
    return weight;
}

std::optional<std::size_t> preferredType(std::string_view accept, std::span<const std::string_view> offered)
{
    std::optional<std::size_t> chosen;
    int most = 0;
    for (std::size_t i = 0; i < offered.size(); ++i) {
        const int weight = acceptWeight(accept, offered[i]);
        if (weight > most) {
            most = weight;
            chosen = i;
        }
    }
    return chosen;
}

std::optional<std::size_t> preferredLanguage(std::string_view acceptLanguage,
                                             std::span<const std::string_view> offered)
{
    if (acceptLanguage.data() == nullptr)
        return offered.empty() ? std::nullopt : std::optional<std::size_t>(0);
    std::optional<std::size_t> chosen;
    int most = 0;
    for (std::size_t i = 0; i < offered.size(); ++i) {
        std::size_t best = 0;
        int weight = 0;
        Member member;
        for (std::string_view rest = acceptLanguage; takeMember(rest, member);) {
            const std::size_t match = languageMatch(member.range, offered[i]);
            if (match > best) {
                best = match;
                weight = member.weight;
            }
        }
        if (weight > most) {
            most = weight;
            chosen = i;
        }
    }
    return chosen;
}

} // namespace spillway::http
