// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/cidr.h"

#include <algorithm>
#include <charconv>

namespace spillway::config {

namespace {

constexpr std::uint8_t kMappedBits = 96;

std::uint64_t bigEndian(const std::uint8_t* bytes)
{
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i)
        value = value << 8 | bytes[i];
    return value;
}

std::uint64_t maskOf(unsigned bits)
{
    return bits == 0 ? 0 : ~std::uint64_t{0} << (64 - bits);
}

} // namespace

bool Cidr::contains(const IpAddress& address) const
{
    if (prefix < kMappedBits && address.isV4())
        return false;
    const unsigned high = std::min<unsigned>(prefix, 64);
    const unsigned low = prefix - high;
    return ((bigEndian(network.bytes.data()) ^ bigEndian(address.bytes.data())) & maskOf(high)) == 0 &&
           ((bigEndian(network.bytes.data() + 8) ^ bigEndian(address.bytes.data() + 8)) & maskOf(low)) == 0;
}

Result<Cidr> parseCidr(std::string_view text)
{
    const auto slash = text.find('/');
    auto address = parseIpAddress(text.substr(0, slash));
    if (!address)
        return fail(ErrorCode::InvalidArgument,
                    "\"" + std::string(text) +
                        "\" is not an address block: write it as 10.0.0.0/8, 2001:db8::/32 or one address");
    Cidr block{*address, 128};
    if (slash == std::string_view::npos)
        return block;

    const std::string_view bits = text.substr(slash + 1);
    // "::ffff:10.0.0.0/104" is IPv6 text: its prefix counts from the front, as written.
    const unsigned offset = text.substr(0, slash).find(':') == std::string_view::npos ? kMappedBits : 0;
    unsigned prefix = 0;
    const auto* end = bits.data() + bits.size();
    const auto parsed = std::from_chars(bits.data(), end, prefix);
    if (bits.empty() || parsed.ec != std::errc() || parsed.ptr != end || prefix > 128 - offset ||
        (bits.size() > 1 && bits.front() == '0'))
        return fail(ErrorCode::InvalidArgument,
                    "\"" + std::string(text) +
                        "\" is not an address block: the part after / is a number from 0 to " +
                        std::to_string(128 - offset));
    block.prefix = static_cast<std::uint8_t>(prefix + offset);
    for (unsigned i = 0; i < 16; ++i) {
        const unsigned kept = block.prefix > 8 * i ? std::min(8U, block.prefix - 8 * i) : 0;
        block.network.bytes[i] &= static_cast<std::uint8_t>(0xff00U >> kept);
    }
    if (block.network != *address)
        return fail(ErrorCode::InvalidArgument, "\"" + std::string(text) +
                                                    "\" names one address of a block: write the block as " +
                                                    formatCidr(block));
    return block;
}

std::string formatCidr(const Cidr& cidr)
{
    const std::string host = formatIpAddress(cidr.network);
    if (cidr.prefix == 128)
        return host;
    return host + "/" +
           std::to_string(cidr.network.isV4() && cidr.prefix >= kMappedBits ? cidr.prefix - kMappedBits
                                                                            : cidr.prefix);
}

bool containsAddress(std::span<const Cidr> blocks, const IpAddress& address)
{
    return std::any_of(blocks.begin(), blocks.end(),
                       [&](const Cidr& block) { return block.contains(address); });
}

} // namespace spillway::config
