// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/bancontrol.h"

#include "ui/session/session.h"

#include <QtCore/QDateTime>

namespace spillway::ui {

using contract::Ban;

BanControl::BanControl(Session& session) : session_(session) {}

void BanControl::refresh()
{
    session_.client().run<contract::ListBans>(this, {}, [this](Result<std::vector<Ban>> bans) {
        if (!bans)
            return;
        model_.setBans(std::move(*bans));
        known_ = true;
        Q_EMIT changed();
    });
    session_.client().run<contract::GetBanRules>(this, {}, [this](const Result<contract::BanRules>& rules) {
        if (!rules || *rules == rules_)
            return;
        rules_ = *rules;
        Q_EMIT changed();
    });
}

void BanControl::add(const contract::AddBan& ban, std::function<void(const Result<Ban>&)> reply)
{
    session_.client().run<contract::AddBan>(
        this, ban, [this, reply = std::move(reply)](const Result<Ban>& made) {
            if (made) {
                refresh();
                Q_EMIT session_.notice({tr("%1 is banned").arg(made->address), tr("Undo"),
                                        [this, made = *made] { lift({made}); }, Session::kUndo});
            } else if (!reply) {
                session_.failed(made.error());
            }
            if (reply)
                reply(made);
        });
}

void BanControl::lift(const std::vector<Ban>& bans)
{
    for (const Ban& ban : bans) {
        session_.client().run<contract::LiftBan>(this, {ban.address}, [this, ban](const Result<Ban>& lifted) {
            refresh();
            if (!lifted)
                return session_.failed(lifted.error());
            Q_EMIT session_.notice({tr("%1 may come back").arg(ban.address), tr("Undo"),
                                    [this, ban] {
                                        contract::AddBan again{ban.address, {}, ban.reason};
                                        if (ban.until)
                                            again.seconds = std::max<std::int64_t>(
                                                1, *ban.until - QDateTime::currentSecsSinceEpoch());
                                        add(again);
                                    },
                                    Session::kUndo});
        });
    }
}

} // namespace spillway::ui
