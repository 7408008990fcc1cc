// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/forwarded.h"

#include "server/http/chars.h"

#include <algorithm>
#include <array>
#include <optional>

namespace spillway::http {

namespace {

using config::IpAddress;

/// More proxies in a row are a loop or a made-up list.
constexpr int kMaxHops = 32;
/// Of one element of Forwarded. It also bounds what is looked at for an element's beginning, so a long list
/// of broken quotes costs no more than its length.
constexpr std::size_t kMaxElement = 512;

/// One hop: who connected to the proxy that wrote it, and how.
struct Hop
{
    std::optional<IpAddress> address; ///< none: "unknown", obfuscated, or not said
    std::string_view proto;
};

bool isPort(std::string_view text)
{
    return !text.empty() && text.size() <= 5 &&
           std::all_of(text.begin(), text.end(), [](char c) { return chars::is(c, chars::Digit); });
}

/// obfnode and obfport (RFC 7239 §6.3).
bool isObfuscated(std::string_view text)
{
    return text.size() > 1 && text.front() == '_' && std::all_of(text.begin() + 1, text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
           });
}

/// "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]", "[2001:db8::1]:80". False where it is none of them.
bool parseNode(std::string_view node, bool obfuscatedPort, std::optional<IpAddress>& address)
{
    std::string_view host = node;
    std::string_view port;
    bool hasPort = false;
    const bool bracketed = node.starts_with('[');
    if (bracketed) {
        const std::size_t end = node.find(']');
        if (end == std::string_view::npos)
            return false;
        host = node.substr(1, end - 1);
        const std::string_view rest = node.substr(end + 1);
        if (!rest.empty() && rest.front() != ':')
            return false;
        hasPort = !rest.empty();
        port = hasPort ? rest.substr(1) : rest;
    } else if (const std::size_t colon = node.find(':'); colon != std::string_view::npos) {
        host = node.substr(0, colon);
        port = node.substr(colon + 1);
        hasPort = true;
    }
    if (hasPort && !isPort(port) && !(obfuscatedPort && isObfuscated(port)))
        return false;
    const auto parsed = config::parseIpAddress(host);
    if (!parsed || bracketed != (host.find(':') != std::string_view::npos))
        return false;
    address = *parsed;
    return true;
}

/// node of RFC 7239 §6. True for "unknown" and obfuscated ones, too, which name nobody.
bool parseForwardedNode(std::string_view node, std::optional<IpAddress>& address)
{
    if (parseNode(node, true, address))
        return true;
    const std::size_t colon = node.find(':');
    const std::string_view name = node.substr(0, colon);
    if (colon != std::string_view::npos && !isPort(node.substr(colon + 1)) &&
        !isObfuscated(node.substr(colon + 1)))
        return false;
    return chars::equalsLower(name, "unknown") || isObfuscated(name);
}

/// Takes a token or a quoted string (RFC 9110 §5.6.4) off the front; `scratch` holds what had escapes.
std::optional<std::string_view> takeValue(std::string_view& rest, std::array<char, kMaxElement>& scratch)
{
    if (!rest.starts_with('"')) {
        std::size_t end = 0;
        while (end < rest.size() && chars::is(rest[end], chars::Token))
            ++end;
        const std::string_view token = rest.substr(0, end);
        rest.remove_prefix(end);
        return end > 0 ? std::optional(token) : std::nullopt;
    }
    std::size_t length = 0;
    for (std::size_t at = 1; at < rest.size(); ++at) {
        char c = rest[at];
        if (c == '"') {
            rest.remove_prefix(at + 1);
            return std::string_view(scratch.data(), length);
        }
        if (c == '\\' && ++at < rest.size())
            c = rest[at];
        if (!chars::is(c, chars::FieldValue))
            return std::nullopt;
        scratch[length++] = c;
    }
    return std::nullopt;
}

/// forwarded-element of RFC 7239 §4, whole. False where it is malformed or says something twice.
bool parseElement(std::string_view element, Hop& hop)
{
    bool hasFor = false;
    bool hasProto = false;
    for (;;) {
        std::size_t end = 0;
        while (end < element.size() && chars::is(element[end], chars::Token))
            ++end;
        if (end > 0) {
            const std::string_view name = element.substr(0, end);
            element.remove_prefix(end);
            if (!element.starts_with('='))
                return false;
            element.remove_prefix(1);
            std::array<char, kMaxElement> scratch;
            const auto value = takeValue(element, scratch);
            if (!value)
                return false;
            if (chars::equalsLower(name, "for")) {
                if (std::exchange(hasFor, true) || !parseForwardedNode(*value, hop.address))
                    return false;
            } else if (chars::equalsLower(name, "proto")) {
                if (std::exchange(hasProto, true))
                    return false;
                hop.proto = chars::equalsLower(*value, "https") ? "https" : "http";
            }
        }
        if (element.empty())
            return hasFor || hasProto || end > 0;
        if (!element.starts_with(';'))
            return false;
        element.remove_prefix(1); // empty pairs are allowed: [ forwarded-pair ] *( ";" [ forwarded-pair ] )
    }
}

/// Cuts the last element off `list`. It is the shortest end behind a comma that is an element: one that
/// begins inside a quoted string is none, for its quotes do not pair.
bool takeForwarded(std::string_view& list, Hop& hop)
{
    const std::size_t least = list.size() > kMaxElement ? list.size() - kMaxElement : 0;
    for (std::size_t end = list.size();;) {
        const std::size_t comma = end == 0 ? std::string_view::npos : list.rfind(',', end - 1);
        const std::size_t from = comma == std::string_view::npos ? 0 : comma + 1;
        if (from < least)
            return false;
        hop = {};
        if (parseElement(chars::trim(list.substr(from)), hop)) {
            list = list.substr(0, comma == std::string_view::npos ? 0 : comma);
            return true;
        }
        if (comma == std::string_view::npos)
            return false;
        end = comma;
    }
}

/// The last member of X-Forwarded-For: an address, bare IPv6 too; some proxies write its port, too.
bool takeXForwardedFor(std::string_view& list, Hop& hop)
{
    const std::size_t comma = list.rfind(',');
    const std::string_view member =
        chars::trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
    list = list.substr(0, comma == std::string_view::npos ? 0 : comma);
    hop = {};
    if (std::count(member.begin(), member.end(), ':') > 1 && !member.starts_with('[')) {
        const auto bare = config::parseIpAddress(member);
        if (bare)
            hop.address = *bare;
        return bare.has_value();
    }
    return parseNode(member, false, hop.address);
}

struct Walk
{
    Origin origin;
    std::string_view proto; ///< of the client's own hop; empty: not said
    int hops = 0;           ///< that name the client or a proxy
};

template<class Take>
Walk walk(const TrustedProxies& trusted, const IpAddress& peer, std::string_view list, Take take)
{
    Walk result{{peer, false, false}, {}, 0};
    while (!list.empty()) {
        Hop hop;
        if (result.hops == kMaxHops || !take(list, hop) || !hop.address) {
            result.origin.unusable = true;
            break;
        }
        ++result.hops;
        result.origin.client = *hop.address;
        result.proto = hop.proto;
        if (!trusted.contains(*hop.address))
            break;
    }
    return result;
}

/// X-Forwarded-Proto: one word for the whole way, or one for each hop of X-Forwarded-For.
void applyProto(std::string_view list, int hops, Origin& origin)
{
    std::string_view member, chosen;
    int count = 0;
    for (std::string_view rest = list; chars::nextMember(rest, member);)
        ++count;
    int at = 0;
    for (std::string_view rest = list; chars::nextMember(rest, member); ++at)
        if (count == 1 || at == count - std::max(hops, 1))
            chosen = member;
    origin.secure = chars::equalsLower(chosen, "https");
    if (!origin.secure && !chars::equalsLower(chosen, "http"))
        origin.unusable = true;
}

} // namespace

Origin TrustedProxies::originOf(const RequestHead& head, const IpAddress& peer) const
{
    if (!hasFields(head) || !contains(peer))
        return {peer, false, false};
    const Walk byForwarded = walk(*this, peer, head.forwarded, takeForwarded);
    const Walk byList = walk(*this, peer, head.xForwardedFor, takeXForwardedFor);
    const Walk& used = head.forwarded.data() ? byForwarded : byList;
    Origin origin = used.origin;
    if (head.forwarded.data() && head.xForwardedFor.data() &&
        byForwarded.origin.client != byList.origin.client)
        return {peer, false, true};
    origin.unusable = byForwarded.origin.unusable || byList.origin.unusable;
    if (!used.proto.empty())
        origin.secure = used.proto == "https";
    else if (head.xForwardedProto.data())
        applyProto(head.xForwardedProto, used.hops, origin);
    return origin;
}

} // namespace spillway::http
