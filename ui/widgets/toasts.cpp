// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/toasts.h"

#include "ui/widgets/parts.h"

#include <QtCore/QEvent>
#include <QtGui/QAccessible>
#include <QtWidgets/QBoxLayout>

namespace spillway::ui {

class Toasts::Toast final : public QFrame
{
public:
    Toast(const Notice& notice, Toasts& owner, QWidget& over)
        : QFrame(&over), owner_(owner), action_(notice.action)
    {
        setProperty("role", QLatin1String("toast"));
        setObjectName(QStringLiteral("toast"));
        auto* row = new QHBoxLayout(this);
        row->setContentsMargins(16, 6, 8, 6);
        row->setSpacing(16);
        words_ = label(notice.text);
        words_->setWordWrap(true);
        words_->setObjectName(QStringLiteral("toastText"));
        row->addWidget(words_, 1);
        if (action_) {
            auto* press = new QPushButton(notice.actionText);
            press->setObjectName(QStringLiteral("toastAction"));
            press->setCursor(Qt::PointingHandCursor);
            row->addWidget(press);
            QObject::connect(press, &QPushButton::clicked, this, [this] {
                const auto action = std::move(action_);
                owner_.drop(this);
                action();
            });
        }
        if (notice.bad)
            words_->setAccessibleDescription(Toasts::tr("Error"));
        timer_.setSingleShot(true);
        timer_.callOnTimeout(this, [this] { owner_.drop(this); });
        left_ = notice.time;
        timer_.start(left_);
        QAccessibleEvent said(words_, QAccessible::Alert);
        QAccessible::updateAccessibility(&said);
    }

    void setRoom(int width)
    {
        const int one =
            words_->fontMetrics().horizontalAdvance(words_->text()) + 48 + (layout()->count() > 1 ? 96 : 0);
        setFixedWidth(std::min(one, width));
        layout()->activate();
        const int height = hasHeightForWidth() ? heightForWidth(this->width()) : sizeHint().height();
        resize(this->width(), std::max(height, sizeHint().height()));
    }

protected:
    void enterEvent(QEnterEvent*) override
    {
        left_ = std::max(timer_.remainingTimeAsDuration(), std::chrono::milliseconds(1000));
        timer_.stop();
    }
    void leaveEvent(QEvent*) override { timer_.start(left_); }

private:
    Toasts& owner_;
    QLabel* words_;
    std::function<void()> action_;
    QTimer timer_;
    std::chrono::milliseconds left_;
};

Toasts::Toasts(QWidget& over, Theme& theme) : QObject(&over), over_(over), theme_(theme)
{
    over_.installEventFilter(this);
}

void Toasts::show(const Notice& notice)
{
    constexpr std::size_t most = 3;
    if (toasts_.size() == most)
        drop(toasts_.front());
    toasts_.push_back(new Toast(notice, *this, over_));
    toasts_.back()->show();
    place();
}

void Toasts::drop(Toast* toast)
{
    std::erase(toasts_, toast);
    toast->hide();
    toast->deleteLater();
    place();
}

void Toasts::place()
{
    const int margin = theme_.metrics().margin;
    int bottom = over_.height() - margin;
    for (auto toast = toasts_.rbegin(); toast != toasts_.rend(); ++toast) {
        (*toast)->setRoom(over_.width() - 2 * margin);
        (*toast)->move((over_.width() - (*toast)->width()) / 2, bottom - (*toast)->height());
        (*toast)->raise();
        bottom -= (*toast)->height() + 8;
    }
}

bool Toasts::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        place();
    return QObject::eventFilter(watched, event);
}

} // namespace spillway::ui
