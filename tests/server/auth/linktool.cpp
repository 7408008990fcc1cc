// SPDX-License-Identifier: GPL-3.0-or-later
//
// The C++ side of test_signed_links.py: makes and checks presigned URLs with the server's own code.
//
//   linktool presign BASE KEY SECRET-HEX SHARE PATH EXPIRES [x-NAME=VALUE]...     prints the URL
//   linktool signed SHARE PATH EXPIRES [x-NAME=VALUE]...                           prints the signed bytes
//   linktool stored BASE KEY SECRET-HEX LINK NAME                                  prints the URL
//   linktool check KEY SECRET-HEX NOW CLIENT PATH QUERY                            prints the verdict
#include "server/auth/link.h"
#include "server/auth/linkurl.h"

#include <cstdio>
#include <string>

using namespace spillway;
using namespace spillway::auth;

namespace {

using Arguments = std::span<char*>;

std::string fromHex(std::string_view hex)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return bytes;
}

/// SHARE PATH EXPIRES [x-NAME=VALUE]...
PresignRequest request(Arguments arguments)
{
    PresignRequest result{arguments[0], arguments[1], false, std::stoll(arguments[2]), {}, {}};
    for (std::string_view rule : arguments.subspan(3)) {
        const std::string_view value = rule.substr(rule.find('=') + 1);
        if (rule.starts_with("x-rate="))
            result.rate = parseRate(value).value();
        for (std::string_view rest = value; rule.starts_with("x-ip=") && !rest.empty();) {
            const auto end = std::min(rest.find(','), rest.size());
            result.allow.emplace_back(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        if (rule.starts_with("x-dir=")) {
            // The maker's folder is what x-dir signs: it is given here as the path itself.
            result.isFolder = true;
        }
    }
    return result;
}

int print(const Result<std::string>& text)
{
    if (!text) {
        std::fprintf(stderr, "%s\n", text.error().message.c_str());
        return 1;
    }
    std::fwrite(text->data(), 1, text->size(), stdout);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const Arguments arguments(argv + 1, static_cast<std::size_t>(argc - 1));
    const std::string_view what = arguments.empty() ? "" : arguments[0];
    if (what == "presign" && arguments.size() >= 7)
        return print(makePresignedUrl(arguments[1], request(arguments.subspan(4)),
                                      {arguments[2], fromHex(arguments[3])}));
    if (what == "signed" && arguments.size() >= 4)
        return print(canonicalPresigned(request(arguments.subspan(1))));
    if (what == "stored" && arguments.size() == 6)
        return print(makeLinkUrl(arguments[1], arguments[4], arguments[5], false,
                                 {arguments[2], fromHex(arguments[3])}));
    if (what == "check" && arguments.size() == 7) {
        const auto ring = KeyRing::make({{arguments[1], fromHex(arguments[2]), 0, {}, true}}).value();
        const std::string_view path = arguments[5];
        StoredLink stored;
        PresignedLink presigned;
        const LinkVerdict verdict = path.starts_with("/d/")
                                        ? check(path, arguments[6], *ring, stored)
                                        : check(path, arguments[6], *ring, std::stoll(arguments[3]),
                                                config::parseIpAddress(arguments[4]).value(), presigned);
        return print(std::string(linkVerdictName(verdict)));
    }
    std::fprintf(stderr, "see the first lines of linktool.cpp\n");
    return 2;
}
