// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/reach.h"

#include "server/contract/firewall.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QUrl>
#include <QtNetwork/QHostAddress>
#include <algorithm>

namespace spillway::ui {

namespace {

struct ReachText
{
    Q_DECLARE_TR_FUNCTIONS(ReachText)
};

bool isLoopback(const QString& url)
{
    const QString host = QUrl(url).host();
    return host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
}

QStringList hintsFor(const contract::ServerStatus& status, int port)
{
    const QString command = contract::openPortCommand(status.firewall, port);
    return {
        ReachText::tr("Both must be in the same network; many guest networks keep their devices apart."),
        status.firewall.isEmpty()
            ? ReachText::tr("A firewall on this computer must let port %1 in, for example: %2")
                  .arg(port)
                  .arg(command)
            : ReachText::tr("The firewall %1 runs on this computer and must let port %2 in: %3")
                  .arg(status.firewall)
                  .arg(port)
                  .arg(command),
        ReachText::tr("From the Internet, the router must pass port %1 on to this computer, and the setting "
                      "public_url must name the address that it has there.")
            .arg(port)};
}

} // namespace

Reach judgeReach(const contract::ServerStatus& status, const QString& url, bool waited)
{
    const bool listensHereAlone = !status.addresses.isEmpty() &&
                                  std::all_of(status.addresses.begin(), status.addresses.end(), isLoopback);
    if (isLoopback(url))
        return {Reach::State::Impossible,
                listensHereAlone
                    ? ReachText::tr("The server takes connections from this computer alone; the setting "
                                    "listen says where it takes them.")
                    : ReachText::tr("This computer has no network now, so the link works on this computer "
                                    "alone. Connect it to a network and copy the link again."),
                {}};
    const QUrl link(url);
    if (listensHereAlone)
        return {
            Reach::State::ByProxy,
            ReachText::tr("Other devices come by way of %1, as the setting public_url says; a proxy on this "
                          "computer must pass them on.")
                .arg(link.host()),
            {}};
    if (!status.reachedBy.isEmpty())
        return {Reach::State::Reached,
                ReachText::tr("Other devices reach this computer; the last was %1.").arg(status.reachedBy),
                {}};
    if (!waited)
        return {Reach::State::Waiting,
                ReachText::tr(
                    "Waiting for another device: open the link there, or let a phone in the same network "
                    "read the code."),
                {}};
    return {Reach::State::Unproven,
            ReachText::tr("No other device has come through yet. Where the link does not open there:"),
            hintsFor(status, link.port(link.scheme() == QLatin1String("https") ? 443 : 80))};
}

} // namespace spillway::ui
