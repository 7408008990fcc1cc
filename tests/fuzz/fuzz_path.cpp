// SPDX-License-Identifier: GPL-3.0-or-later
// Paths below a share: whatever the name, nothing outside is opened, both ways to resolve agree as far as
// they can, hidden names stay hidden, and what a listing makes of the name is harmless. The first byte says
// whether dot files are shown.
#include "check.h"
#include "server/body/listingtext.h"
#include "server/body/mediatype.h"
#include "server/body/pathresolver.h"
#include "server/http/utf8.h"

#include <climits>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace spillway;
using namespace spillway::body;

namespace {

/// A small tree with everything that has ever let somebody out of a folder; removed at exit.
struct Tree
{
    Tree()
    {
        std::string name = (std::filesystem::temp_directory_path() / "spillway-fuzz-XXXXXX").string();
        check(::mkdtemp(name.data()) != nullptr, "a temporary folder");
        top = std::filesystem::canonical(name).string();
        share = top + "/share";
        std::filesystem::create_directories(share + "/a/b/.c");
        std::filesystem::create_directories(top + "/out");
        for (const char* file :
             {"/share/f", "/share/.h", "/share/a/f", "/share/a/b/f", "/share/a/b/.c/f", "/out/f"})
            std::ofstream(top + file) << file;
        ::mkfifo((share + "/p").c_str(), 0600);
        const auto link = [this](const char* target, const char* at) {
            std::filesystem::create_symlink(target, share + at);
        };
        link("../out/f", "/o");
        link("../out", "/O");
        link("/", "/r");
        link("a", "/A");
        link("../f", "/a/u");
        link("../../..", "/a/b/U");
        link("l", "/l");
        link("o", "/c");
        link(".h", "/v");
    }
    ~Tree()
    {
        std::error_code ignored;
        std::filesystem::remove_all(top, ignored);
    }
    std::string top, share;
};

std::string nameOf(int fd)
{
    char target[PATH_MAX];
    const ssize_t length = ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), target, sizeof target);
    check(length > 0, "the descriptor has a name");
    return {target, static_cast<std::size_t>(length)};
}

void checkText(const std::string& name)
{
    std::string html;
    appendHtml(html, name);
    check(http::isUtf8(html) && html.find_first_of("<>\"'") == std::string::npos, "HTML text is text");
    std::string url;
    appendPathSegment(url, name);
    for (const char c : url)
        check(c > 0x20 && c < 0x7f && c != '/' && c != '"' && c != '?' && c != '#' && c != ':',
              "a plain segment");
    static MediaTypes types(64);
    check(types.forName(name).find('/') != std::string::npos, "a type");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const Tree tree;
    static const SystemClock clock;
    static ShareRoot roots[2][2] = {
        {{tree.share, {false, ShareRoot::Resolution::Automatic}, clock},
         {tree.share, {false, ShareRoot::Resolution::Walk}, clock}},
        {{tree.share, {true, ShareRoot::Resolution::Automatic}, clock},
         {tree.share, {true, ShareRoot::Resolution::Walk}, clock}},
    };
    if (size == 0)
        return 0;
    const bool dotFiles = (data[0] & 1U) != 0;
    const std::string path(reinterpret_cast<const char*>(data) + 1, size - 1);

    const auto valid = checkRelativePath(path, dotFiles);
    auto byKernel = roots[dotFiles][0].open(path);
    auto byWalk = roots[dotFiles][1].open(path);
    for (auto* opened : {&byKernel, &byWalk}) {
        if (!valid) {
            check(!*opened && (*opened).error().code == valid.error().code,
                  "refused before any I/O, by its code");
        } else if (*opened) {
            const std::string name = nameOf((*opened)->fd.get());
            check(name == tree.share || name.starts_with(tree.share + "/"), "inside the share: " + name);
            check((*opened)->facts.kind != FileKind::Other, "a file or a folder");
        }
    }
    check(!byWalk || byKernel, "what the walk opens, the kernel opens");
    if (byWalk)
        check(byWalk->facts == byKernel->facts, "and it is the same");
    const auto facts = roots[dotFiles][0].stat(path);
    check(facts.has_value() == byKernel.has_value(), "stat and open agree");
    checkText(path.substr(path.rfind('/') + 1));
    return 0;
}
