// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/linkrepository.h"
#include "server/catalog/receiptrepository.h"
#include "server/engine/management.h"

// The part of Management about receipts: who took a link.
namespace spillway::engine {

namespace {
constexpr std::int64_t kMaxPage = 1000;
} // namespace

Result<ReceiptPage> Management::linkReceipts(const std::string& id, std::int64_t after, std::int64_t limit)
{
    if (limit < 1 || limit > kMaxPage || after < 0)
        return fail(ErrorCode::InvalidArgument,
                    "a page of receipts has 1 to " + std::to_string(kMaxPage) + " of them");
    return catalog_
        .read([&](catalog::Session& session) -> Result<ReceiptPage> {
            auto link = catalog::LinkRepository::find(session, id);
            if (!link)
                return fail(link.error());
            if (!*link)
                return fail(ErrorCode::NotFound,
                            "there is no link " + id + "; spillway link list --all shows them");
            // One more than asked for shows that there is a next page.
            auto receipts = catalog::ReceiptRepository::list(session, id, after, limit + 1);
            if (!receipts)
                return fail(receipts.error());
            ReceiptPage page{std::move(*receipts), 0};
            if (page.receipts.size() > static_cast<std::size_t>(limit)) {
                page.receipts.pop_back();
                page.next = page.receipts.back().id;
            }
            return page;
        })
        .get();
}

} // namespace spillway::engine
