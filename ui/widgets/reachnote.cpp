// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/reachnote.h"

#include "ui/style/icons.h"
#include "ui/widgets/parts.h"

#include <QtWidgets/QBoxLayout>

namespace spillway::ui {

namespace {

constexpr qint64 kPatienceMs = 15'000; ///< to take out a phone and read a code
constexpr int kIconSize = 16;

} // namespace

ReachNote::ReachNote(Session& session, Theme& theme) : session_(session), theme_(theme)
{
    setObjectName(QStringLiteral("reach"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    icon_ = new QLabel;
    icon_->setFixedWidth(kIconSize);
    text_ = label({}, "secondary");
    text_->setWordWrap(true);
    text_->setTextFormat(Qt::RichText);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    row->addWidget(icon_, 0, Qt::AlignTop);
    row->addWidget(text_, 1);
    everySecond_.setInterval(1000);
    everySecond_.callOnTimeout(this, [this] { session_.refreshStatus(); });
    connect(&session_, &Session::statusChanged, this, [this] {
        if (!url_.isEmpty())
            tell(judgeReach(session_.status(), url_, since_.hasExpired(kPatienceMs)));
    });
    connect(&theme_, &Theme::changed, this, [this] { paintIcon(); });
}

void ReachNote::watch(const QString& url)
{
    url_ = url;
    since_.start();
    tell(judgeReach(session_.status(), url_, false));
    everySecond_.start();
    session_.refreshStatus();
}

void ReachNote::tell(const Reach& reach)
{
    state_ = reach.state;
    QString text = reach.text.toHtmlEscaped();
    if (!reach.hints.isEmpty()) {
        text += QStringLiteral("<ul style='margin-top:4px; margin-left:14px; -qt-list-indent:0'>");
        for (const QString& hint : reach.hints)
            text += QStringLiteral("<li style='margin-bottom:4px'>") + hint.toHtmlEscaped() +
                    QStringLiteral("</li>");
        text += QStringLiteral("</ul>");
    }
    if (text == text_->text())
        return;
    text_->setText(text);
    paintIcon();
    Q_EMIT changed();
}

void ReachNote::paintIcon()
{
    const Palette& palette = theme_.palette();
    const auto paint = [this](const char* name, const QColor& color) {
        icon_->setPixmap(iconPixmap(name, color, kIconSize, devicePixelRatioF()));
    };
    switch (state_) {
    case Reach::State::Reached:
        return paint("check", palette.good);
    case Reach::State::Waiting:
        return paint("pulse", palette.textSecondary);
    case Reach::State::ByProxy:
        return paint("globe", palette.textSecondary);
    case Reach::State::Unproven:
        return paint("globe", palette.warning);
    case Reach::State::Impossible:
        return paint("close", palette.bad);
    }
}

} // namespace spillway::ui
