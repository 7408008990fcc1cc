// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace spillway::body {

/// Media types by file name, from the shared MIME database (QMimeDatabase). Only the name decides: bytes are
/// never sniffed into something a browser would run, and an unknown name is application/octet-stream.
///
/// Thread-safe. A look-up in the database takes 10 to 100 µs and a lock of Qt's, so the answers are kept, by
/// the last two extensions ("tar.gz"; a name without any by itself), in lower case. Bound: `limit`
/// extensions; when they are reached all are forgotten (names come from whoever fills the shares, and the
/// database is not the hot path).
class MediaTypes
{
public:
    explicit MediaTypes(std::size_t limit = 1024);
    MediaTypes(const MediaTypes&) = delete;
    MediaTypes& operator=(const MediaTypes&) = delete;

    /// Of the last component of a path, in bytes: "text/plain". Never empty, without parameters.
    [[nodiscard]] std::string forName(std::string_view name);
    /// The value for Content-Type of an open file: forName, and the character set where withCharset knows it.
    /// Reads up to 4 KiB of the file where the type is a text, so it may block: for pool threads.
    [[nodiscard]] std::string forFile(std::string_view name, int fd);

    [[nodiscard]] std::uint64_t lookups() const { return lookups_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t overflows() const { return overflows_.load(std::memory_order_relaxed); }

private:
    const std::size_t limit_;
    std::shared_mutex mutex_; ///< guards known_
    std::unordered_map<std::string, std::string> known_;
    std::atomic<std::uint64_t> lookups_ = 0;   ///< in the database
    std::atomic<std::uint64_t> overflows_ = 0; ///< how often the bound was hit
};

/// A text type whose first bytes are UTF-8 gets "; charset=utf-8". `begin` is the begin of the file, and may
/// end within a character where `more` follows. Left alone are texts in other encodings (a browser guesses
/// better than a wrong header), and HTML and XML that name an encoding themselves, which a header would
/// override.
[[nodiscard]] std::string withCharset(std::string type, std::string_view begin, bool more);

} // namespace spillway::body
