// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/assets.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace spillway::pages {
namespace {

std::string expanded(const std::string& gzip)
{
    std::string out(1 << 20, '\0');
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    std::string in = gzip;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

TEST(Assets, AreThereAndCompressed)
{
    for (const Asset& asset : assets().all()) {
        EXPECT_FALSE(asset.bytes.empty()) << asset.name;
        if (!asset.gzip.empty()) {
            EXPECT_EQ(expanded(asset.gzip), asset.bytes) << asset.name;
        }
        EXPECT_EQ(assets().find(asset.name), &asset);
    }
    for (const char* text : {"spillway.css", "spillway.js", "types.svg"})
        EXPECT_FALSE(assets().find(text)->gzip.empty()) << text;
    for (const char* none : {"", "web.qrc", "../spillway.css", "preview.svg"})
        EXPECT_EQ(assets().find(none), nullptr) << none;
    EXPECT_EQ(assets().version().size(), 16U);
    EXPECT_EQ(assets().version(), Assets().version());
}

/// What a first visit fetches beside the page itself.
TEST(Assets, AreSmall)
{
    std::size_t sum = 0;
    for (const char* name : {"spillway.css", "spillway.js", "types.svg"})
        sum += assets().find(name)->gzip.size();
    EXPECT_LE(sum, 20U << 10);
}

} // namespace
} // namespace spillway::pages
