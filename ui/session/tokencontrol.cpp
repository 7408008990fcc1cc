// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/tokencontrol.h"

#include "ui/session/session.h"

namespace spillway::ui {

using contract::Token;

TokenControl::TokenControl(Session& session) : session_(session) {}

void TokenControl::refresh()
{
    session_.client().run<contract::ListTokens>(this, {}, [this](Result<std::vector<Token>> tokens) {
        if (!tokens)
            return;
        model_.setTokens(std::move(*tokens));
        known_ = true;
        Q_EMIT changed();
    });
}

void TokenControl::create(QObject* context, const contract::CreateToken& wanted,
                          std::function<void(const Result<Token>&)> reply)
{
    session_.client().run<contract::CreateToken>(context, wanted,
                                                 [this, reply = std::move(reply)](const Result<Token>& made) {
                                                     refresh();
                                                     reply(made);
                                                 });
}

void TokenControl::revoke(const QStringList& ids)
{
    for (const QString& id : ids) {
        session_.client().run<contract::RevokeToken>(this, {id}, [this](const Result<Token>& revoked) {
            if (!revoked)
                return session_.failed(revoked.error());
            refresh();
            Q_EMIT session_.notice({tr("The token %1 is revoked").arg(revoked->name)});
        });
    }
}

} // namespace spillway::ui
