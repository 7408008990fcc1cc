// SPDX-License-Identifier: GPL-3.0-or-later
// Input: entries, each a byte for kind and size, a byte for its name's length, and the name; what is left
// says where the archive is cut. Every piece is as long as it says, pieces follow each other without a gap,
// and any cut has the bytes of the whole.
#include "check.h"
#include "server/body/zipplan.h"

#include <algorithm>
#include <cstdint>

using namespace spillway::body;

namespace {

/// [first, end) of the archive; a file's bytes are dots.
std::string cut(const ZipPlan& plan, std::uint64_t first, std::uint64_t end)
{
    std::string out;
    for (std::uint64_t at = first; at < end;) {
        const ZipPiece piece = plan.pieceAt(at);
        check(piece.length > 0 && piece.at <= at && at < piece.at + piece.length, "a piece holds its offset");
        std::string made;
        if (piece.kind == ZipPiece::Kind::Content)
            made.assign(piece.length, '.');
        else
            plan.append(made, piece);
        check(made.size() == piece.length, "a piece is as long as it says");
        const std::uint64_t take = std::min(piece.length - (at - piece.at), end - at);
        out.append(made, at - piece.at, take);
        at += take;
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    ZipPlanBuilder builder(nullptr, "top", 1U << 20);
    std::size_t at = 0;
    for (int entries = 0; entries < 200 && at + 2 < size && data[at] != 0xff; ++entries) {
        const std::uint8_t kind = data[at];
        const std::size_t length = std::min<std::size_t>(1 + data[at + 1] % 40, size - at - 2);
        FileFacts facts;
        facts.kind = kind % 8 == 0 ? FileKind::Folder : FileKind::File;
        facts.size = kind % 64U;
        facts.mtimeNs = static_cast<std::int64_t>(kind) << 55;
        facts.mode = kind * 7U;
        (void)builder.add({reinterpret_cast<const char*>(data) + at + 2, length}, facts);
        at += 2 + length;
    }
    const ZipPlanPtr plan = builder.finish();
    for (std::size_t i = 0; i < plan->count(); ++i)
        plan->setCrc(i, static_cast<std::uint32_t>(i));
    const std::string all = cut(*plan, 0, plan->length());
    check(all.size() == plan->length(), "the archive is as long as it says");
    check(all.find("PK\5\6") != std::string::npos, "it has an end");
    for (int cuts = 0; cuts < 32 && at + 4 <= size; ++cuts, at += 4) {
        const std::uint64_t first = (data[at] | data[at + 1] << 8U) % plan->length();
        const std::uint64_t end =
            std::min<std::uint64_t>(plan->length(), first + 1 + (data[at + 2] | data[at + 3] << 8U));
        check(cut(*plan, first, end) == all.substr(first, end - first), "a cut has the bytes of the whole");
    }
    return 0;
}
