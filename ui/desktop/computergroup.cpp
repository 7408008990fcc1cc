// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/computergroup.h"

#include "ui/session/session.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/switch.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QComboBox>

namespace spillway::ui {

namespace {

constexpr std::array kLanguages{"", "en", "zh_CN"};

} // namespace

ComputerGroup::ComputerGroup(Preferences& preferences, const Autostart& autostart, UserService& service,
                             Session& session, Theme& theme)
    : preferences_(preferences), autostart_(autostart), service_(service), session_(session), theme_(theme)
{
    rows_ = new QVBoxLayout(this);
    rows_->setContentsMargins(0, 0, 0, 0);
    rows_->setSpacing(0);
    addChoice(tr("Appearance"), {}, {tr("As the desktop"), tr("Light"), tr("Dark")},
              static_cast<int>(preferences.scheme()),
              [this](int choice) { preferences_.setScheme(static_cast<Theme::Choice>(choice)); });
    const auto language = std::find_if(kLanguages.begin(), kLanguages.end(), [&](const char* one) {
        return preferences.language() == QLatin1String(one);
    });
    addChoice(tr("Language"), {},
              {tr("As the desktop"), QStringLiteral("English"), QStringLiteral("简体中文")},
              language == kLanguages.end() ? 0 : static_cast<int>(language - kLanguages.begin()),
              [this](int choice) {
                  preferences_.setLanguage(QLatin1String(kLanguages[static_cast<std::size_t>(choice)]));
              });
    if (!session.client().sharesOurFiles())
        return; // the rest is about a server in this process
    addChoice(tr("When the window is closed"), tr("Links only work while the server runs."),
              {tr("Ask"), tr("Keep serving in the background"), tr("Stop the server")},
              static_cast<int>(preferences.closing()),
              [this](int choice) { preferences_.setClosing(static_cast<Preferences::Closing>(choice)); });
    addSwitch(tr("Stay awake while files are sent"), tr("The computer does not suspend during a download."),
              preferences.keepsAwake(), [this](bool on) { preferences_.setKeepsAwake(on); });
    addSwitch(tr("Say when a download has finished"), tr("While the window is not in front."),
              preferences.notifies(), [this](bool on) { preferences_.setNotifies(on); });
    if (autostart_.isAvailable()) {
        Switch* one =
            addSwitch(tr("Start with the desktop"), tr("In the background, after you have signed in."),
                      autostart_.isOn(), [](bool) {});
        one->setObjectName(QStringLiteral("autostart"));
        connect(one, &Switch::clicked, this, [this, one](bool on) {
            if (const auto done = autostart_.set(on); !done)
                say(QString::fromStdString(done.error().message));
            one->setChecked(autostart_.isOn());
        });
    }
    if (service_.isAvailable()) {
        Switch* one = addSwitch(tr("Keep running as a service"),
                                tr("Without the window, also when nobody is signed in. The window takes over "
                                   "while it is open."),
                                service_.isOn(), [](bool) {});
        connect(one, &Switch::clicked, this, [this, one](bool on) {
            one->setEnabled(false);
            service_.set(on, [this, guard = QPointer<Switch>(one)](const Result<void>& done) {
                if (!done)
                    say(QString::fromStdString(done.error().message));
                if (guard) {
                    guard->setEnabled(true);
                    guard->setChecked(service_.isOn());
                }
            });
        });
    }
}

QWidget* ComputerGroup::addRow(const QString& text, const QString& more, QWidget* control)
{
    auto* frame = new QFrame;
    frame->setProperty("role", QLatin1String("setting"));
    auto* row = new QHBoxLayout(frame);
    row->setContentsMargins(16, 12, 0, 12);
    row->setSpacing(24);
    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    QLabel* name = label(text);
    name->setWordWrap(true);
    words->addWidget(name);
    if (!more.isEmpty()) {
        QLabel* small = label(more, "small");
        small->setWordWrap(true);
        words->addWidget(small);
    }
    row->addLayout(words, 1);
    row->addWidget(control, 0, Qt::AlignVCenter);
    rows_->addWidget(frame);
    return frame;
}

void ComputerGroup::addChoice(const QString& text, const QString& more, const QStringList& names, int current,
                              std::function<void(int)> chosen)
{
    auto* choice = new QComboBox;
    choice->addItems(names);
    choice->setCurrentIndex(current);
    choice->setAccessibleName(text);
    choice->setFixedWidth(theme_.metrics().text * 15);
    addRow(text, more, choice);
    // Not inside the box's own signal: another language makes another window.
    connect(
        choice, &QComboBox::activated, this, [chosen](int index) { chosen(index); }, Qt::QueuedConnection);
}

Switch* ComputerGroup::addSwitch(const QString& text, const QString& more, bool on,
                                 std::function<void(bool)> flipped)
{
    auto* made = new Switch(text, theme_);
    made->setChecked(on);
    addRow(text, more, made);
    connect(made, &Switch::clicked, this, [flipped](bool checked) { flipped(checked); });
    return made;
}

void ComputerGroup::say(const QString& problem)
{
    Q_EMIT session_.notice({problem, {}, {}, std::chrono::seconds(10), true});
}

} // namespace spillway::ui
