// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QString>
#include <cstdint>
#include <optional>
#include <vector>

// Who took a link, and what arrived there.
namespace spillway::contract {

struct ReceiptFile
{
    QByteArray path; ///< below the link; empty for a link to one file
    std::int64_t size = 0, arrived = 0;
    friend bool operator==(const ReceiptFile&, const ReceiptFile&) = default;
};

struct Receipt
{
    std::int64_t id = 0;
    QString recipient; ///< an address, or the name in a signed grant
    std::int64_t startedAt = 0, lastAt = 0;
    std::optional<std::int64_t> finishedAt;
    std::vector<ReceiptFile> files;
    friend bool operator==(const Receipt&, const Receipt&) = default;
};

struct ReceiptPage
{
    std::vector<Receipt> receipts; ///< newest first
    std::optional<std::int64_t> next;
};

struct LinkReceipts
{
    static constexpr const char* operation = "link.receipts";
    using Answer = ReceiptPage;
    QString id;
    std::int64_t after = 0; ///< `next` of the page before
    int limit = 100;
};

} // namespace spillway::contract
