// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/linkurl.h"

#include "server/auth/canonical.h"
#include "server/auth/link.h"

#include <algorithm>

namespace spillway::auth {

namespace {

bool isUnreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void encodeOnto(std::string& out, std::string_view text, std::string_view alsoPlain)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (char c : text) {
        if (isUnreserved(c) || alsoPlain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<std::uint8_t>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
}

std::string startUrl(std::string_view publicUrl, std::string_view form)
{
    while (publicUrl.ends_with('/'))
        publicUrl.remove_suffix(1);
    return std::string(publicUrl) + std::string(form);
}

std::string joined(const CanonicalString& text)
{
    std::string all;
    for (std::string_view part : text.parts())
        all += part;
    return all;
}

/// The texts that go into the URL and under the signature, owned.
struct PresignTexts
{
    std::string path, expires, directory, address, speed;

    [[nodiscard]] PresignedFields fields(const PresignRequest& request) const
    {
        const auto orAbsent = [](const std::string& text) {
            return text.empty() ? std::string_view() : std::string_view(text);
        };
        return {request.share, path, expires, orAbsent(directory), orAbsent(address), orAbsent(speed)};
    }
};

Result<PresignTexts> presignTexts(const PresignRequest& request)
{
    if (request.share.empty() || request.share.find('/') != std::string::npos || !isCleanPath(request.share))
        return fail(ErrorCode::InvalidArgument, "\"" + request.share + "\" is not the name of a share");
    if (!isCleanPath(request.path))
        return fail(ErrorCode::InvalidArgument,
                    "\"" + request.path +
                        "\" is not a path below a share: no leading /, no empty, . or .. parts");
    if (request.expiresAt < 0 || request.rate.count < 0)
        return fail(ErrorCode::InvalidArgument, "an expiry and a rate are not negative");
    if (request.allow.size() > kMaxIpBlocks)
        return fail(ErrorCode::InvalidArgument,
                    "a presigned URL takes at most " + std::to_string(kMaxIpBlocks) + " address blocks");

    PresignTexts texts;
    texts.path = request.path;
    texts.expires = std::to_string(request.expiresAt);
    if (request.isFolder) {
        if (texts.path.ends_with('/'))
            texts.path.pop_back();
        const auto slashes = std::count(texts.path.begin(), texts.path.end(), '/');
        texts.directory = std::to_string(texts.path.empty() ? 0 : slashes + 1);
    }
    for (const std::string& block : request.allow) {
        auto parsed = config::parseCidr(block);
        if (!parsed)
            return fail(std::move(parsed.error()));
        texts.address += (texts.address.empty() ? "" : ",") + config::formatCidr(*parsed);
    }
    if (request.rate.count > 0)
        texts.speed = formatRate(request.rate);
    return texts;
}

} // namespace

std::string percentEncodePath(std::string_view path)
{
    std::string text;
    encodeOnto(text, path, "/");
    return text;
}

std::string canonicalLink(std::string_view linkId)
{
    CanonicalString text("d");
    addStored(text, linkId);
    return joined(text);
}

Result<std::string> canonicalPresigned(const PresignRequest& request)
{
    const auto texts = presignTexts(request);
    if (!texts)
        return fail(texts.error());
    CanonicalString text("p");
    addPresigned(text, texts->fields(request));
    return joined(text);
}

std::string makeLinkUrl(std::string_view publicUrl, std::string_view linkId, std::string_view name,
                        bool isFolder, const PreparedKey& key)
{
    CanonicalString text("d");
    addStored(text, linkId);
    std::string url = startUrl(publicUrl, "/d/");
    encodeOnto(url, linkId, "");
    url += '/';
    encodeOnto(url, name, "");
    if (isFolder && !name.empty())
        url += '/';
    return url + "?k=" + std::string(key.id()) + "&s=" + encodeMac(key.hmac().sign(text.parts()));
}

Result<std::string> makePresignedUrl(std::string_view publicUrl, const PresignRequest& request,
                                     const PreparedKey& key)
{
    const auto texts = presignTexts(request);
    if (!texts)
        return fail(texts.error());
    const PresignedFields fields = texts->fields(request);
    CanonicalString text("p");
    addPresigned(text, fields);

    std::string url = startUrl(publicUrl, "/p/");
    encodeOnto(url, request.share, "");
    url += '/';
    encodeOnto(url, texts->path, "/");
    if (request.isFolder && !texts->path.empty())
        url += '/';
    url += "?e=" + texts->expires + "&k=" + std::string(key.id());
    const auto constraint = [&](std::string_view name, std::string_view value) {
        if (!value.data())
            return;
        url += '&';
        url += name;
        url += '=';
        encodeOnto(url, value, "/:,"); // plain in a query (RFC 3986 §3.4), and readable
    };
    constraint("x-dir", fields.directory);
    constraint("x-ip", fields.address);
    constraint("x-rate", fields.speed);
    return url + "&s=" + encodeMac(key.hmac().sign(text.parts()));
}

} // namespace spillway::auth
