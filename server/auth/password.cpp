// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/password.h"

#include <array>
#include <cerrno>
#include <sodium.h>

namespace spillway::auth {

namespace {

/// Chooses libsodium's code for this processor; again costs nothing.
bool ready()
{
    return ::sodium_init() >= 0;
}

} // namespace

Result<std::string> hashPassword(std::string_view password)
{
    if (password.empty() || password.size() > kMaxPassword)
        return fail(ErrorCode::InvalidArgument,
                    "a password has 1 to " + std::to_string(kMaxPassword) + " bytes");
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (!ready() || ::crypto_pwhash_str_alg(
                        text.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return fail(ErrorCode::Exhausted, "there is no memory to hash a password with", ENOMEM);
    return std::string(text.data());
}

bool verifyPassword(const std::string& hash, std::string_view password)
{
    // The library takes the hash as text that ends with a zero and lies in a field of this size.
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (!ready() || hash.size() >= text.size() || password.size() > kMaxPassword)
        return false;
    hash.copy(text.data(), hash.size());
    return ::crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

} // namespace spillway::auth
