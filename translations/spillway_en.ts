<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>Format</name>
    <message numerus="yes">
        <source>%n s</source>
        <translation>
            <numerusform>%n s</numerusform>
            <numerusform>%n s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n min</numerusform>
            <numerusform>%n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h</source>
        <translation>
            <numerusform>%n h</numerusform>
            <numerusform>%n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::AccessLogView</name>
    <message numerus="yes">
        <source>%n line(s) written to %1</source>
        <translation>
            <numerusform>%n line written to %1</numerusform>
            <numerusform>%n lines written to %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::BanDialog</name>
    <message numerus="yes">
        <source>End its %n running transfer(s), too</source>
        <translation>
            <numerusform>End its running transfer, too</numerusform>
            <numerusform>End its %n running transfers, too</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::BansModel</name>
    <message numerus="yes">
        <source>By rule, %n times</source>
        <translation>
            <numerusform>By rule, once</numerusform>
            <numerusform>By rule, %n times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::BansPage</name>
    <message numerus="yes">
        <source>By rule: %n different failures within %1 ban an address for %2, each time twice as long, up to %3.</source>
        <translation>
            <numerusform>By rule: one failure within %1 bans an address for %2, each time twice as long, up to %3.</numerusform>
            <numerusform>By rule: %n different failures within %1 ban an address for %2, each time twice as long, up to %3.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::HeaderBar</name>
    <message numerus="yes">
        <source>%n download(s)</source>
        <translation>
            <numerusform>%n download</numerusform>
            <numerusform>%n downloads</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::LimitsModel</name>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::LimitsPage</name>
    <message numerus="yes">
        <source>%n waiting in line</source>
        <translation>
            <numerusform>%n waiting in line</numerusform>
            <numerusform>%n waiting in line</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::LinkDetails</name>
    <message numerus="yes">
        <source>Taken by (the newest %n)</source>
        <translation>
            <numerusform>Taken by (the newest)</numerusform>
            <numerusform>Taken by (the newest %n)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Taken by %n recipient(s)</source>
        <translation>
            <numerusform>Taken by %n recipient</numerusform>
            <numerusform>Taken by %n recipients</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::LinksModel</name>
    <message numerus="yes">
        <source>%n address block(s)</source>
        <translation>
            <numerusform>%n address block</numerusform>
            <numerusform>%n address blocks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::MainWindow</name>
    <message numerus="yes">
        <source>Drop them to share them: %n link(s) will be in your clipboard</source>
        <translation>
            <numerusform>Drop it to share it: %n link will be in your clipboard</numerusform>
            <numerusform>Drop them to share them: %n links will be in your clipboard</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::NodesPage</name>
    <message numerus="yes">
        <source>%n worker thread(s)</source>
        <translation>
            <numerusform>%n worker thread</numerusform>
            <numerusform>%n worker threads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n connection</numerusform>
            <numerusform>%n connections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::OverviewPage</name>
    <message numerus="yes">
        <source>%n connection(s) open</source>
        <translation>
            <numerusform>%n connection open</numerusform>
            <numerusform>%n connections open</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::ReceiptsModel</name>
    <message numerus="yes">
        <source>and %n more file(s)</source>
        <translation>
            <numerusform>and %n more file</numerusform>
            <numerusform>and %n more files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::Session</name>
    <message numerus="yes">
        <source>%n link(s) revoked</source>
        <translation>
            <numerusform>Link revoked</numerusform>
            <numerusform>%n links revoked</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n transfer(s) ended</source>
        <translation>
            <numerusform>Transfer ended</numerusform>
            <numerusform>%n transfers ended</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s) are in the clipboard</source>
        <translation>
            <numerusform>%n link is in the clipboard</numerusform>
            <numerusform>%n links are in the clipboard</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::SettingsPage</name>
    <message numerus="yes">
        <source>%n change(s) not saved</source>
        <translation>
            <numerusform>%n change not saved</numerusform>
            <numerusform>%n changes not saved</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n will hold after a restart</source>
        <translation>
            <numerusform>%n will hold after a restart</numerusform>
            <numerusform>%n will hold after a restart</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n saved change(s) hold after a restart. Running downloads are finished first.</source>
        <translation>
            <numerusform>%n saved change holds after a restart. Running downloads are finished first.</numerusform>
            <numerusform>%n saved changes hold after a restart. Running downloads are finished first.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n saved change(s) hold after a restart of the server.</source>
        <translation>
            <numerusform>%n saved change holds after a restart of the server.</numerusform>
            <numerusform>%n saved changes hold after a restart of the server.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) saved</source>
        <translation>
            <numerusform>%n setting saved</numerusform>
            <numerusform>%n settings saved</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::SharesPage</name>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::StaleBar</name>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n second</numerusform>
            <numerusform>%n seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::TokensPage</name>
    <message numerus="yes">
        <source>Revoke %n token(s)?</source>
        <translation>
            <numerusform>Revoke %n token?</numerusform>
            <numerusform>Revoke %n tokens?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n running download(s) end.</source>
        <translation>
            <numerusform>%n running download ends.</numerusform>
            <numerusform>%n running downloads end.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Revoke %n token(s)</source>
        <translation>
            <numerusform>Revoke %n token</numerusform>
            <numerusform>Revoke %n tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::TopRow</name>
    <message numerus="yes">
        <source>%1: %2, %n download(s)</source>
        <translation>
            <numerusform>%1: %2, %n download</numerusform>
            <numerusform>%1: %2, %n downloads</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::TransfersPage</name>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>End %n transfer(s)</source>
        <translation>
            <numerusform>End %n transfer</numerusform>
            <numerusform>End %n transfers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::Tray</name>
    <message numerus="yes">
        <source>%n downloads finished</source>
        <translation>
            <numerusform>%n download finished</numerusform>
            <numerusform>%n downloads finished</numerusform>
        </translation>
    </message>
</context>
</TS>
