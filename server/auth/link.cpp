// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/link.h"

#include "server/auth/canonical.h"

#include <charconv>

namespace spillway::auth {

namespace {

/// Cuts the piece before `separator` off the front of `rest`; all of it where there is none.
std::string_view cut(std::string_view& rest, char separator)
{
    const auto at = rest.find(separator);
    const std::string_view piece = rest.substr(0, at);
    rest =
        at == std::string_view::npos ? std::string_view(rest.data() + rest.size(), 0) : rest.substr(at + 1);
    return piece;
}

/// Digits only, no leading zero: one text per number, so that the text itself can be signed.
template<class Number>
bool parseCanonical(std::string_view text, Number& value)
{
    if (text.empty() || text.front() < '0' || text.front() > '9' || (text.front() == '0' && text.size() > 1))
        return false;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = static_cast<char>(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// The parameters that both forms share. `constraint(name, value)` is asked for each x- name.
struct Credentials
{
    std::string_view expires, key, signature;
};

/// False for a second value. An empty value is still a value.
bool keepOnce(std::string_view& slot, std::string_view value)
{
    const bool first = slot.data() == nullptr;
    slot = value.data() ? value : std::string_view("");
    return first;
}

template<class Constraint>
std::optional<LinkVerdict> readQuery(std::string_view query, Credentials& found, Constraint constraint)
{
    while (!query.empty()) {
        std::string_view value = cut(query, '&');
        const std::string_view name = cut(value, '=');
        bool once = true;
        if (name.size() == 1) {
            if (name[0] == 's')
                once = keepOnce(found.signature, value);
            else if (name[0] == 'k')
                once = keepOnce(found.key, value);
            else if (name[0] == 'e')
                once = keepOnce(found.expires, value);
        } else if (name.starts_with("x-")) {
            if (auto refusal = constraint(name, value))
                return refusal;
        }
        if (!once)
            return LinkVerdict::Malformed;
    }
    return std::nullopt;
}

LinkVerdict verifyMac(std::string_view keyId, std::string_view signature, const KeyRing& keys,
                      const CanonicalString& text)
{
    const PreparedKey* key = keys.find(keyId);
    if (!key)
        return LinkVerdict::UnknownKey;
    Mac mac;
    if (!decodeMac(signature, mac) || !key->hmac().verify(text.parts(), mac))
        return LinkVerdict::BadSignature;
    return LinkVerdict::Valid;
}

} // namespace

bool isCleanPath(std::string_view path)
{
    if (path.starts_with('/'))
        return false;
    while (!path.empty()) {
        const std::string_view segment = cut(path, '/');
        if (segment.empty() || segment == "." || segment == "..")
            return false;
    }
    return true;
}

const char* linkVerdictName(LinkVerdict verdict)
{
    switch (verdict) {
    case LinkVerdict::Valid:
        return "valid";
    case LinkVerdict::Malformed:
        return "malformed";
    case LinkVerdict::Missing:
        return "missing";
    case LinkVerdict::BadConstraint:
        return "bad-constraint";
    case LinkVerdict::UnknownKey:
        return "unknown-key";
    case LinkVerdict::BadSignature:
        return "bad-signature";
    case LinkVerdict::Expired:
        return "expired";
    case LinkVerdict::WrongAddress:
        return "wrong-address";
    }
    return "unknown";
}

std::optional<LinkVerdict> parseStoredLink(std::string_view path, std::string_view rawQuery, StoredLink& link)
{
    if (!path.starts_with("/d/") || !isCleanPath(path.substr(3)))
        return LinkVerdict::Malformed;
    path.remove_prefix(3);
    link.link = cut(path, '/');
    link.name = cut(path, '/');
    link.below = path;
    if (link.link.empty())
        return LinkVerdict::Malformed;

    Credentials found;
    // A stored link's rules are in the catalog: it knows no constraint, and one that is not understood is not
    // ignored.
    if (auto refusal =
            readQuery(rawQuery, found, [](auto, auto) { return std::optional(LinkVerdict::BadConstraint); }))
        return refusal;
    if (!found.key.data() || !found.signature.data())
        return LinkVerdict::Missing;
    link.key = found.key;
    link.signature = found.signature;
    return std::nullopt;
}

/// Reads the constraints of one URL into its link.
class PresignedParser
{
public:
    explicit PresignedParser(PresignedLink& link) : link_(link) {}

    std::optional<LinkVerdict> constraint(std::string_view name, std::string_view rawValue)
    {
        std::string_view* slot = name == "x-dir"    ? &link_.directory
                                 : name == "x-ip"   ? &link_.address
                                 : name == "x-rate" ? &link_.speed
                                                    : nullptr;
        if (!slot)
            return LinkVerdict::BadConstraint;
        if (slot->data() || !decode(rawValue, *slot))
            return LinkVerdict::Malformed;
        return std::nullopt;
    }

    /// After all of them are there: what they mean.
    std::optional<LinkVerdict> interpret()
    {
        link_.signedPath = link_.path;
        if (link_.directory.data() && !cutDirectory())
            return LinkVerdict::BadConstraint;
        if (link_.address.data() && !readBlocks())
            return LinkVerdict::BadConstraint;
        if (link_.speed.data()) {
            const auto rate = parseRate(link_.speed);
            if (!rate)
                return LinkVerdict::BadConstraint;
            link_.rate = *rate;
        }
        return std::nullopt;
    }

private:
    bool decode(std::string_view raw, std::string_view& value)
    {
        char* out = link_.scratch_.data() + used_;
        const char* start = out;
        const char* end = link_.scratch_.data() + link_.scratch_.size();
        while (!raw.empty()) {
            char c = raw.front();
            std::size_t taken = 1;
            if (c == '%') {
                const int high = raw.size() > 2 ? hexValue(raw[1]) : -1;
                const int low = raw.size() > 2 ? hexValue(raw[2]) : -1;
                if (high < 0 || low < 0)
                    return false;
                c = static_cast<char>(high << 4 | low);
                taken = 3;
            }
            if (out == end)
                return false;
            *out++ = c;
            raw.remove_prefix(taken);
        }
        value = std::string_view(start, static_cast<std::size_t>(out - start));
        used_ += value.size();
        return true;
    }

    /// x-dir=n: the first n segments are signed. A path with fewer never was below that folder.
    bool cutDirectory()
    {
        std::uint32_t segments = 0;
        if (!parseCanonical(link_.directory, segments))
            return false;
        std::size_t end = 0;
        for (std::uint32_t i = 0; i < segments; ++i) {
            if (i > 0)
                ++end; // past the "/" of the segment before
            if (end >= link_.path.size())
                return false;
            end = std::min(link_.path.find('/', end), link_.path.size());
        }
        link_.signedPath = link_.path.substr(0, end);
        link_.isFolder = true;
        return true;
    }

    bool readBlocks()
    {
        std::string_view rest = link_.address;
        do {
            if (link_.blockCount == kMaxIpBlocks)
                return false;
            const auto block = config::parseCidr(cut(rest, ','));
            if (!block)
                return false;
            link_.blocks[link_.blockCount++] = *block;
        } while (!rest.empty());
        return !link_.address.ends_with(',');
    }

    PresignedLink& link_;
    std::size_t used_ = 0;
};

std::optional<LinkVerdict> parsePresignedLink(std::string_view path, std::string_view rawQuery,
                                              PresignedLink& link)
{
    if (!path.starts_with("/p/") || !isCleanPath(path.substr(3)))
        return LinkVerdict::Malformed;
    path.remove_prefix(3);
    link.share = cut(path, '/');
    link.path = path;
    if (link.share.empty())
        return LinkVerdict::Malformed;

    PresignedParser parser(link);
    Credentials found;
    const auto constraint = [&](auto name, auto value) { return parser.constraint(name, value); };
    if (auto refusal = readQuery(rawQuery, found, constraint))
        return refusal;
    if (!found.key.data() || !found.signature.data() || !found.expires.data())
        return LinkVerdict::Missing;
    if (!parseCanonical(found.expires, link.expiresAt))
        return LinkVerdict::Malformed;
    link.expiresText = found.expires;
    link.key = found.key;
    link.signature = found.signature;
    return parser.interpret();
}

LinkVerdict verify(const StoredLink& link, const KeyRing& keys)
{
    CanonicalString text("d");
    addStored(text, link.link);
    return verifyMac(link.key, link.signature, keys, text);
}

LinkVerdict verify(const PresignedLink& link, const KeyRing& keys, std::int64_t nowUnix,
                   const config::IpAddress& client)
{
    CanonicalString text("p");
    addPresigned(text,
                 {link.share, link.signedPath, link.expiresText, link.directory, link.address, link.speed});
    if (const LinkVerdict verdict = verifyMac(link.key, link.signature, keys, text);
        verdict != LinkVerdict::Valid)
        return verdict;
    if (link.expiresAt != 0 && nowUnix >= link.expiresAt)
        return LinkVerdict::Expired;
    if (link.blockCount > 0 && !config::containsAddress({link.blocks.data(), link.blockCount}, client))
        return LinkVerdict::WrongAddress;
    return LinkVerdict::Valid;
}

LinkVerdict check(std::string_view path, std::string_view rawQuery, const KeyRing& keys, StoredLink& link)
{
    if (const auto refusal = parseStoredLink(path, rawQuery, link))
        return *refusal;
    return verify(link, keys);
}

LinkVerdict check(std::string_view path, std::string_view rawQuery, const KeyRing& keys, std::int64_t nowUnix,
                  const config::IpAddress& client, PresignedLink& link)
{
    if (const auto refusal = parsePresignedLink(path, rawQuery, link))
        return *refusal;
    return verify(link, keys, nowUnix, client);
}

} // namespace spillway::auth
