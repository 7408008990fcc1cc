// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>
#include <cstdint>

namespace spillway::contract {

/// What a person types on the server's machine so that its firewall (as ServerStatus::firewall has it) lets a
/// TCP port in; of the one that most desktops have where none was seen.
[[nodiscard]] inline QString openPortCommand(const QString& firewall, int port)
{
    if (firewall == QLatin1String("firewalld"))
        return QStringLiteral("sudo firewall-cmd --permanent --add-port=%1/tcp && sudo firewall-cmd --reload")
            .arg(port);
    if (firewall == QLatin1String("nftables"))
        return QStringLiteral("sudo nft insert rule inet filter input tcp dport %1 accept").arg(port);
    return QStringLiteral("sudo ufw allow %1/tcp").arg(port);
}

} // namespace spillway::contract
