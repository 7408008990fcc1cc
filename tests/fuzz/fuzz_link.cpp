// SPDX-License-Identifier: GPL-3.0-or-later
// Signed links: the first line of the input is a decoded path, the rest a raw query. Whatever comes in, views
// stay inside what was parsed, and only what the server itself would sign is let in.
#include "check.h"
#include "server/auth/canonical.h"
#include "server/auth/link.h"
#include "server/auth/linkurl.h"

#include <cstdint>
#include <cstring>

using namespace spillway;
using namespace spillway::auth;

namespace {

constexpr std::int64_t kNow = 1'700'000'000;

const KeyRing& keys()
{
    static const auto ring = KeyRing::make({{"k1", std::string(32, '1'), 0, {}, true}}).value();
    return *ring;
}

bool within(std::string_view part, std::string_view whole)
{
    return part.empty() ||
           (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// The rightly signed URL of the same parts: most inputs have a wrong signature, and would never get past it.
std::string resign(std::string_view query, const CanonicalString& text)
{
    std::string out;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const std::string_view parameter = query.substr(0, end);
        const bool replaced = parameter.substr(0, parameter.find('=')) == "s" ||
                              parameter.substr(0, parameter.find('=')) == "k";
        if (!replaced)
            out += std::string(parameter) + "&";
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return out + "k=k1&s=" + encodeMac(keys().current()->hmac().sign(text.parts()));
}

void stored(std::string_view path, std::string_view query)
{
    StoredLink link;
    if (parseStoredLink(path, query, link))
        return;
    check(within(link.link, path) && within(link.name, path) && within(link.below, path),
          "views of the path");
    check(within(link.key, query) && within(link.signature, query), "views of the query");
    check(!link.link.empty() && link.link.find('/') == std::string_view::npos, "a link's id is one segment");
    check(isCleanPath(link.name) && isCleanPath(link.below), "no way out of the folder");

    CanonicalString text("d");
    addStored(text, link.link);
    const std::string good = resign(query, text);
    StoredLink again;
    check(check(path, good, keys(), again) == LinkVerdict::Valid, "the right signature passes");
    PresignedLink other;
    const std::string asPresigned = "/p" + std::string(path.substr(2));
    check(check(asPresigned, good + "&e=0", keys(), kNow, {}, other) != LinkVerdict::Valid,
          "no form passes as the other");
}

void presigned(std::string_view path, std::string_view query)
{
    PresignedLink link;
    if (parsePresignedLink(path, query, link))
        return;
    check(within(link.share, path) && within(link.path, path) && within(link.signedPath, path),
          "views of the path");
    check(link.path.starts_with(link.signedPath), "what is signed is above what is asked for");
    check(isCleanPath(link.path) && isCleanPath(link.share) && !link.share.empty(), "below its share");
    check(link.expiresAt >= 0 && link.rate.count >= 0 && link.blockCount <= kMaxIpBlocks,
          "numbers are in range");
    if (link.isFolder)
        check(link.signedPath.empty() || link.path.size() == link.signedPath.size() ||
                  link.path[link.signedPath.size()] == '/',
              "a signed folder ends at a segment");

    CanonicalString text("p");
    addPresigned(text,
                 {link.share, link.signedPath, link.expiresText, link.directory, link.address, link.speed});
    const std::string good = resign(query, text);
    const auto client = link.blockCount > 0 ? link.blocks[0].network : config::IpAddress::v4(10, 0, 0, 1);
    PresignedLink again;
    const LinkVerdict verdict = check(path, good, keys(), kNow, client, again);
    const bool expired = link.expiresAt != 0 && link.expiresAt <= kNow;
    check(verdict == (expired ? LinkVerdict::Expired : LinkVerdict::Valid),
          "the right signature passes until it expires");
    StoredLink other;
    const std::string asStored = "/d" + std::string(path.substr(2));
    check(check(asStored, good, keys(), other) != LinkVerdict::Valid, "no form passes as the other");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string input(reinterpret_cast<const char*>(data), size);
    const auto line = std::min(input.find('\n'), input.size());
    const std::string path = input.substr(0, line);
    const std::string query = input.substr(std::min(line + 1, input.size()));
    stored(path, query);
    presigned(path, query);

    // Texts that settings and rules are made of.
    if (const auto block = config::parseCidr(query))
        check(config::parseCidr(config::formatCidr(*block)).value() == *block,
              "a block survives its own text");
    if (const auto endpoint = config::parseEndpoint(query))
        check(config::parseEndpoint(config::formatEndpoint(*endpoint)).value() == *endpoint,
              "an endpoint survives its own text");
    return 0;
}
