// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <span>
#include <string_view>

namespace spillway::auth {

/// The bytes that a link's signature covers, as a list of pieces so that nothing is copied or allocated:
///
///   spillway-link-v1 LF
///   <decimal length> ":" <that many bytes> LF        for each field
///
/// The first line names version and purpose, so that no other use of the key can make the same bytes; the
/// first field is the form ("d" or "p"), so that no signature of one form passes as the other; the lengths
/// make it one-to-one.
class CanonicalString
{
public:
    static constexpr std::size_t kMaxFields =
        10; ///< form, share, path, e, and three constraints of two fields

    explicit CanonicalString(std::string_view form)
    {
        parts_[count_++] = "spillway-link-v1\n";
        add(form);
    }
    CanonicalString(const CanonicalString&) = delete;
    CanonicalString& operator=(const CanonicalString&) = delete;

    /// `field` must outlive this object. At most kMaxFields, the form included.
    void add(std::string_view field)
    {
        char* start = lengths_.data() + used_;
        char* end = std::to_chars(start, lengths_.data() + lengths_.size() - 1, field.size()).ptr;
        *end++ = ':';
        used_ = static_cast<std::size_t>(end - lengths_.data());
        parts_[count_++] = std::string_view(start, static_cast<std::size_t>(end - start));
        parts_[count_++] = field;
        parts_[count_++] = "\n";
    }

    [[nodiscard]] std::span<const std::string_view> parts() const { return {parts_.data(), count_}; }

private:
    std::array<std::string_view, 1 + 3 * kMaxFields> parts_;
    std::array<char, kMaxFields * 21> lengths_; ///< a 64-bit number and ":" is at most 21 characters
    std::size_t count_ = 0;
    std::size_t used_ = 0;
};

/// What a presigned URL's signature covers. A constraint that is absent has a null data().
struct PresignedFields
{
    std::string_view share, path, expires;
    std::string_view directory, address, speed; ///< x-dir, x-ip, x-rate
};

inline void addStored(CanonicalString& text, std::string_view link)
{
    text.add(link);
}

inline void addPresigned(CanonicalString& text, const PresignedFields& fields)
{
    text.add(fields.share);
    text.add(fields.path);
    text.add(fields.expires);
    const auto constraint = [&](std::string_view name, std::string_view value) {
        if (value.data()) {
            text.add(name);
            text.add(value);
        }
    };
    // Sorted by name, whatever their order in the URL.
    constraint("x-dir", fields.directory);
    constraint("x-ip", fields.address);
    constraint("x-rate", fields.speed);
}

} // namespace spillway::auth
