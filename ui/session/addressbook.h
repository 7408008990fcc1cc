// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/connector.h"

#include <QtCore/QSettings>

namespace spillway::ui {

/// The servers elsewhere that this console has seen, the last used first, kept in `file`, which is the
/// console's. No tokens.
class AddressBook
{
public:
    static constexpr int kMost = 50;

    explicit AddressBook(const QString& file);

    [[nodiscard]] const std::vector<contract::ServerEntry>& entries() const { return entries_; }
    /// The one with this URL; where there is none, a new one without a fingerprint.
    [[nodiscard]] contract::ServerEntry find(const QString& url) const;
    /// Puts it first; what was known of its URL is replaced.
    void keep(const contract::ServerEntry& entry);
    void forget(const QString& url);

private:
    void write();

    QSettings state_;
    std::vector<contract::ServerEntry> entries_;
};

} // namespace spillway::ui
