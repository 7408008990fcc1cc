// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/stalebar.h"

#include "ui/widgets/parts.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QGraphicsOpacityEffect>

namespace spillway::ui {

using State = contract::EngineClient::State;

namespace {

constexpr double kOld = 0.45;

QString ageText(std::int64_t seconds)
{
    if (seconds < 120)
        return StaleBar::tr("%n second(s)", nullptr, static_cast<int>(seconds));
    if (seconds < 7200)
        return StaleBar::tr("%n minute(s)", nullptr, static_cast<int>(seconds / 60));
    return StaleBar::tr("%n hour(s)", nullptr, static_cast<int>(seconds / 3600));
}

} // namespace

StaleBar::StaleBar(Session& session, Theme& theme, QWidget& content) : session_(session), content_(content)
{
    setObjectName(QStringLiteral("staleBar"));
    setProperty("role", QLatin1String("warningBar"));
    setAttribute(Qt::WA_StyledBackground);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.metrics().margin, 8, theme.metrics().margin, 8);
    text_ = label({});
    text_->setWordWrap(true);
    mend_ = button({}, nullptr, theme);
    row->addWidget(text_, 1);
    row->addWidget(mend_);
    connect(mend_, &QPushButton::clicked, this, &StaleBar::mendWanted);
    connect(&session.client(), &contract::EngineClient::stateChanged, this, [this] { showState(); });
    connect(&session, &Session::snapshotCame, this, [this] { since_.start(); });
    everySecond_.callOnTimeout(this, [this] { showAge(); });
    showState();
}

void StaleBar::showState()
{
    const bool lost = session_.client().state() == State::Lost;
    setVisible(lost);
    if (!lost) {
        everySecond_.stop();
        content_.setGraphicsEffect(nullptr);
        return;
    }
    auto* effect = new QGraphicsOpacityEffect(&content_);
    effect->setOpacity(kOld);
    content_.setGraphicsEffect(effect);
    everySecond_.start(std::chrono::seconds(1));
    showAge();
}

void StaleBar::showAge()
{
    const QString server = session_.client().serverName();
    const auto problem = session_.client().problem();
    const ErrorCode code = problem ? problem->code : ErrorCode::Unavailable;
    QString why = tr("No connection to %1; trying again.").arg(server);
    if (code == ErrorCode::PermissionDenied)
        why = tr("%1 no longer takes the token of this console: it was revoked, or its time is over. "
                 "It is not tried again.")
                  .arg(server);
    else if (code == ErrorCode::Conflict)
        why = tr("%1 shows a certificate that is not known here; nothing was sent to it.").arg(server);
    if (since_.isValid())
        why += QLatin1Char(' ') + tr("What you see is %1 old.").arg(ageText(since_.elapsed() / 1000));
    text_->setText(why);
    mend_->setText(code == ErrorCode::Conflict ? tr("Look at it…") : tr("Enter a token…"));
    mend_->setVisible(code == ErrorCode::Conflict || code == ErrorCode::PermissionDenied);
}

} // namespace spillway::ui
