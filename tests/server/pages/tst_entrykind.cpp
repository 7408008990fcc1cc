// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/entrykind.h"

#include <gtest/gtest.h>

namespace spillway::pages {
namespace {

TEST(EntryKind, ByName)
{
    struct Row
    {
        const char* name;
        EntryKind kind;
    };
    for (const Row& row :
         {Row{"a.jpg", EntryKind::Picture}, Row{"A.JPG", EntryKind::Picture},
          Row{"a.b.tar.gz", EntryKind::Archive}, Row{"x.mp4", EntryKind::Video},
          Row{"x.flac", EntryKind::Audio}, Row{"x.cpp", EntryKind::Text}, Row{"x.pdf", EntryKind::Pdf},
          Row{"jpg", EntryKind::File}, Row{".jpg", EntryKind::File}, Row{"x.", EntryKind::File},
          Row{"x.verylong", EntryKind::File}, Row{"", EntryKind::File}, Row{"x.7z", EntryKind::Archive},
          Row{"x.zst", EntryKind::Archive}})
        EXPECT_EQ(kindOfName(row.name), row.kind) << row.name;
}

TEST(EntryKind, ByType)
{
    struct Row
    {
        const char* type;
        EntryKind kind;
    };
    for (const Row& row :
         {Row{"image/png", EntryKind::Picture}, Row{"video/mp4", EntryKind::Video},
          Row{"audio/mpeg", EntryKind::Audio}, Row{"text/plain; charset=utf-8", EntryKind::Text},
          Row{"application/json", EntryKind::Text}, Row{"application/x-shellscript", EntryKind::Text},
          Row{"application/pdf", EntryKind::Pdf}, Row{"application/zip", EntryKind::Archive},
          Row{"application/octet-stream", EntryKind::File}, Row{"", EntryKind::File},
          Row{"nonsense", EntryKind::File}})
        EXPECT_EQ(kindOfType(row.type), row.kind) << row.type;
}

TEST(EntryKind, Pictures)
{
    EXPECT_TRUE(isShownAsPicture("a.webp"));
    EXPECT_TRUE(isShownAsPicture("a.PNG"));
    EXPECT_FALSE(isShownAsPicture("a.heic")) << "few browsers show it";
    EXPECT_FALSE(isShownAsPicture("png"));
}

} // namespace
} // namespace spillway::pages
