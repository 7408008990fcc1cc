// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/acmeanswer.h"

#include "server/base/base64chars.h"
#include "server/base/uniquefd.h"
#include "server/download/target.h"
#include "server/http/headwriter.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::download {

namespace {

/// A key authorization has about 90 bytes.
constexpr std::size_t kMostBytes = 4096;
constexpr std::size_t kLongestToken = 255;

bool isToken(std::string_view name)
{
    return !name.empty() && name.size() <= kLongestToken &&
           std::all_of(name.begin(), name.end(), isBase64UrlCharacter);
}

std::optional<std::string> readToken(const std::string& path)
{
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    struct stat info = {};
    if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode))
        return std::nullopt;
    std::array<char, kMostBytes + 1> bytes;
    const ssize_t n = ::read(file.get(), bytes.data(), bytes.size());
    if (n < 0 || static_cast<std::size_t>(n) > kMostBytes)
        return std::nullopt;
    return std::string(bytes.data(), static_cast<std::size_t>(n));
}

} // namespace

void answerAcme(http::Exchange& exchange, const std::string& folder, BlockingPool& pool,
                const body::Post& post)
{
    const std::string_view name = exchange.head().path.substr(kAcmePath.size());
    if (!isToken(name)) {
        exchange.fail(404, "There is no such challenge.");
        return;
    }
    auto parked = std::make_shared<http::Parked>();
    const bool taken =
        pool.submit([parked, post, path = folder + std::string(kAcmePath) + std::string(name)] {
            post([parked, text = readToken(path)]() mutable {
                parked->resume([&](http::Exchange& again) {
                    if (!text) {
                        again.fail(404, "There is no such challenge.");
                        return;
                    }
                    again.begin(200).lines("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
                    again.answerText("text/plain", std::move(*text));
                });
            });
        });
    if (taken)
        *parked = exchange.park();
    else
        failBusy(exchange);
}

} // namespace spillway::download
