// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/denydigest.h"

#include "server/auth/canonical.h"

#include <openssl/sha.h>

namespace spillway::download {

std::string denyDigest(const auth::PresignedLink& link)
{
    auth::CanonicalString text("p");
    auth::addPresigned(
        text, {link.share, link.signedPath, link.expiresText, link.directory, link.address, link.speed});
    std::string bytes;
    for (const std::string_view part : text.parts())
        bytes += part;
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
           reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

} // namespace spillway::download
