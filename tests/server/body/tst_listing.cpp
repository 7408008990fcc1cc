// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/listing.h"
#include "tests/server/body/drain.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <map>
#include <set>
#include <sys/stat.h>
#include <vector>

namespace spillway::body {

namespace {

using State = net::Generator::State;

class Listings : public testing::Test
{
protected:
    Listings() { folder_.folder("share"); }

    std::vector<QJsonObject> ndjson(const std::string& relative, unsigned depth = 1,
                                    State expected = State::Done)
    {
        NdjsonListing listing(root_, relative, {depth}, pool_, loop_.post());
        std::vector<QJsonObject> objects;
        const QByteArray text = QByteArray::fromStdString(drain(loop_, listing, expected));
        EXPECT_TRUE(text.isEmpty() || text.endsWith('\n'));
        for (const QByteArray& line : text.split('\n')) {
            if (line.isEmpty())
                continue;
            QJsonParseError error{};
            objects.push_back(QJsonDocument::fromJson(line, &error).object());
            EXPECT_EQ(error.error, QJsonParseError::NoError) << line.constData();
        }
        return objects;
    }
    static std::string text(const QJsonObject& object, const char* key)
    {
        return object.value(QLatin1String(key)).toString().toStdString();
    }

    TestFolder folder_;
    SetClock clock_;
    TestLoop loop_;
    BlockingPool pool_{"test", 2, 64};
    std::shared_ptr<ShareRoot> root_ =
        std::make_shared<ShareRoot>(folder_.path("share"), ShareRoot::Options{}, clock_);
};

TEST_F(Listings, NdjsonLines)
{
    folder_.file("share/a \"quoted\"\n.txt", "12345");
    folder_.folder("share/sub");
    folder_.file("share/sub/below");
    const timespec times[2] = {{0, 0}, {1'795'498'425, 999'999'999}};
    ASSERT_EQ(::utimensat(AT_FDCWD, folder_.path("share/a \"quoted\"\n.txt").c_str(), times, 0), 0);
    const auto objects = ndjson("");
    ASSERT_EQ(objects.size(), 2U);
    const auto& file = text(objects[0], "type") == "file" ? objects[0] : objects[1];
    const auto& sub = text(objects[0], "type") == "file" ? objects[1] : objects[0];
    EXPECT_EQ(text(file, "name"), "a \"quoted\"\n.txt");
    EXPECT_EQ(file.value(QLatin1String("size")).toInteger(), 5);
    EXPECT_EQ(text(file, "mtime"), "2026-11-24T05:33:45Z");
    EXPECT_EQ(file.keys().size(), 4);
    EXPECT_EQ(text(sub, "name"), "sub");
    EXPECT_EQ(text(sub, "type"), "dir");
    EXPECT_EQ(sub.keys().size(), 3); // no size
    EXPECT_EQ(ndjson("sub").size(), 1U);
}

TEST_F(Listings, NdjsonNamesThatAreNotUtf8)
{
    folder_.file("share/x\xff");
    const auto objects = ndjson("");
    ASSERT_EQ(objects.size(), 1U);
    EXPECT_EQ(text(objects[0], "name"), "x\xef\xbf\xbd");
    EXPECT_EQ(QByteArray::fromBase64(text(objects[0], "name_bytes").c_str()), QByteArray("x\xff"));
}

TEST_F(Listings, NdjsonDepth)
{
    folder_.file("share/top/1/2/3/file");
    folder_.file("share/top/side");
    folder_.link("1", "share/top/again"); // named, not entered
    folder_.link("..", "share/top/1/up");
    const auto paths = [&](unsigned depth) {
        std::set<std::string> found;
        for (const auto& object : ndjson("top", depth)) {
            const std::string path = text(object, "path");
            EXPECT_EQ(path.substr(path.rfind('/') + 1), text(object, "name"));
            EXPECT_TRUE(found.insert(path).second) << path;
        }
        return found;
    };
    EXPECT_EQ(ndjson("top", 0).size(), 3U);
    EXPECT_EQ(ndjson("top", 1).size(), 3U);
    EXPECT_EQ(paths(2), (std::set<std::string>{"1", "side", "again", "1/2", "1/up"}));
    EXPECT_EQ(paths(4), (std::set<std::string>{"1", "side", "again", "1/2", "1/up", "1/2/3", "1/2/3/file"}));
    EXPECT_EQ(paths(UINT32_MAX), paths(4));
}

TEST_F(Listings, NdjsonAFolderComesBeforeWhatIsInIt)
{
    for (int i = 0; i < 300; ++i)
        folder_.file("share/d" + std::to_string(i % 20) + "/f" + std::to_string(i));
    std::set<std::string> folders;
    std::size_t files = 0;
    for (const auto& object : ndjson("", 9)) {
        const std::string path = text(object, "path");
        if (text(object, "type") == "dir") {
            folders.insert(path);
        } else {
            ++files;
            EXPECT_TRUE(folders.contains(path.substr(0, path.find('/')))) << path;
        }
    }
    EXPECT_EQ(folders.size(), 20U);
    EXPECT_EQ(files, 300U);
}

TEST_F(Listings, NdjsonOfNothing)
{
    EXPECT_TRUE(ndjson("").empty());
    EXPECT_TRUE(ndjson("missing", 1, State::Failed).empty());
    folder_.file("share/file");
    EXPECT_TRUE(ndjson("file", 1, State::Failed).empty());
}

} // namespace

} // namespace spillway::body
