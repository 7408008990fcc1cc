<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Format</name>
    <message numerus="yes">
        <source>%n s</source>
        <translation>
            <numerusform>%n 秒</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n 分钟</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h</source>
        <translation>
            <numerusform>%n 小时</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>d MMM</source>
        <comment>a date without its year</comment>
        <translation>M月d日</translation>
    </message>
</context>
<context>
    <name>spillway::ui::Console</name>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>When the window is closed</source>
        <translation>关闭窗口时</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>询问</translation>
    </message>
    <message>
        <source>Keep serving in the background</source>
        <translation>在后台继续提供服务</translation>
    </message>
    <message>
        <source>Stop the server</source>
        <translation>停止服务器</translation>
    </message>
    <message>
        <source>Stop the server and quit</source>
        <translation>停止服务器并退出</translation>
    </message>
    <message>
        <source>Show Spillway</source>
        <translation>显示 Spillway</translation>
    </message>
    <message>
        <source>Copy the server&apos;s address</source>
        <translation>复制服务器地址</translation>
    </message>
    <message>
        <source>The server&apos;s address is in the clipboard</source>
        <translation>服务器地址已复制到剪贴板</translation>
    </message>
    <message>
        <source>Keep serving in the background?</source>
        <translation>要在后台继续提供服务吗？</translation>
    </message>
    <message>
        <source>Links only work while Spillway runs. Running downloads are finished first when it stops.</source>
        <translation>只有 Spillway 运行时链接才有效。停止时会先完成正在进行的下载。</translation>
    </message>
    <message>
        <source>Keep serving</source>
        <translation>继续服务</translation>
    </message>
    <message>
        <source>Stop and quit</source>
        <translation>停止并退出</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Do not ask again</source>
        <translation>不再询问</translation>
    </message>
</context>
<context>
    <name>spillway::ui::FilesModel</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>In</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>修改时间</translation>
    </message>
</context>
<context>
    <name>spillway::ui::FolderTreeModel</name>
    <message>
        <source>Public share</source>
        <translation>公开的共享</translation>
    </message>
    <message>
        <source>Private share</source>
        <translation>私有的共享</translation>
    </message>
</context>
<context>
    <name>spillway::ui::HeaderBar</name>
    <message>
        <source>Normal</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>节省</translation>
    </message>
    <message>
        <source>Catalog down</source>
        <translation>目录库不可用</translation>
    </message>
    <message>
        <source>Read-only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Ending</source>
        <translation>正在结束</translation>
    </message>
    <message>
        <source>Copy the server&apos;s address</source>
        <translation>复制服务器地址</translation>
    </message>
    <message>
        <source>What is sent now</source>
        <translation>当前发送速率</translation>
    </message>
    <message>
        <source>The server&apos;s address is in the clipboard</source>
        <translation>服务器地址已复制到剪贴板</translation>
    </message>
    <message numerus="yes">
        <source>%n download(s)</source>
        <translation>
            <numerusform>%n 个下载</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::LinkDetails</name>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>In</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载次数</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>到期</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>永不</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>spillway::ui::LinksModel</name>
    <message>
        <source>Active</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>Used up</source>
        <translation>已用完</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>Key retired</source>
        <translation>密钥已停用</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>还剩 %1</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>至 %1</translation>
    </message>
    <message>
        <source>at most %1×</source>
        <translation>最多 %1 次</translation>
    </message>
    <message>
        <source>password</source>
        <translation>密码</translation>
    </message>
    <message numerus="yes">
        <source>%n address block(s)</source>
        <translation>
            <numerusform>%n 个地址段</numerusform>
        </translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>无限制</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>In</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载次数</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
</context>
<context>
    <name>spillway::ui::LinksPage</name>
    <message>
        <source>Links</source>
        <translation>链接</translation>
    </message>
    <message>
        <source>Filter links</source>
        <translation>筛选链接</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>New link…</source>
        <translation>新建链接…</translation>
    </message>
    <message>
        <source>No links yet</source>
        <translation>还没有链接</translation>
    </message>
    <message>
        <source>A link lets somebody fetch a file or folder without an account.
Drop a file anywhere on this window, or make one here.</source>
        <translation>有了链接，别人无需账号即可下载文件或文件夹。
把文件拖到窗口任意位置，或在此新建链接。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::MainWindow</name>
    <message>
        <source>Choose a folder to share</source>
        <translation>选择要共享的文件夹</translation>
    </message>
    <message>
        <source>Choose files to share</source>
        <translation>选择要共享的文件</translation>
    </message>
    <message>
        <source>Drop it to share it: a link to it will be in your clipboard</source>
        <translation>松开即可共享：链接会复制到剪贴板</translation>
    </message>
    <message numerus="yes">
        <source>Drop them to share them: %n link(s) will be in your clipboard</source>
        <translation>
            <numerusform>松开即可共享：%n 个链接会复制到剪贴板</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::NewLinkDialog</name>
    <message>
        <source>New link</source>
        <translation>新建链接</translation>
    </message>
    <message>
        <source>share/path, or choose</source>
        <translation>共享名/路径，或选择文件</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose a file in a share</source>
        <translation>选择共享中的文件</translation>
    </message>
    <message>
        <source>To</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>As the settings say</source>
        <translation>按设置</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 天</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 天</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30 天</translation>
    </message>
    <message>
        <source>1 year</source>
        <translation>1 年</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>永不</translation>
    </message>
    <message>
        <source>Expires after</source>
        <translation>有效期</translation>
    </message>
    <message>
        <source>A word to yourself, shown in the list</source>
        <translation>给自己的备注，显示在列表中</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Browsers show a page with name and size first</source>
        <translation>浏览器先显示带名称和大小的页面</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Create and copy link</source>
        <translation>创建并复制链接</translation>
    </message>
    <message>
        <source>Copy again</source>
        <translation>再次复制</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Link copied</source>
        <translation>链接已复制</translation>
    </message>
    <message>
        <source>The link to %1 is in your clipboard.</source>
        <translation>“%1”的链接已在剪贴板中。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::OverviewPage</name>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>发送速率</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Downloads running</source>
        <translation>正在下载</translation>
    </message>
    <message>
        <source>Slowest 1 % of answers</source>
        <translation>最慢 1% 的响应</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Requests a second</source>
        <translation>每秒请求数</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>redirected, unchanged</source>
        <translation>重定向、未更改</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>open</source>
        <translation>已打开</translation>
    </message>
    <message>
        <source>downloading</source>
        <translation>下载中</translation>
    </message>
    <message>
        <source>Time of an answer</source>
        <translation>响应时间</translation>
    </message>
    <message>
        <source>half</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>1 min</source>
        <translation>1 分钟</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 小时</translation>
    </message>
    <message>
        <source>%1 since the start</source>
        <translation>启动以来 %1</translation>
    </message>
    <message>
        <source>%1 /s</source>
        <comment>requests a second</comment>
        <translation>%1 次/秒</translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s) open</source>
        <translation>
            <numerusform>%n 个连接</numerusform>
        </translation>
    </message>
    <message>
        <source>half within %1</source>
        <translation>半数在 %1 以内</translation>
    </message>
</context>
<context>
    <name>spillway::ui::QrView</name>
    <message>
        <source>QR code of the link</source>
        <translation>链接的二维码</translation>
    </message>
</context>
<context>
    <name>spillway::ui::Session</name>
    <message>
        <source>Link to %1 copied</source>
        <translation>“%1”的链接已复制</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤消</translation>
    </message>
    <message>
        <source>This link has no address any more: its key is retired.</source>
        <translation>此链接已没有地址：其密钥已停用。</translation>
    </message>
    <message numerus="yes">
        <source>%n link(s) revoked</source>
        <translation>
            <numerusform>已撤销 %n 个链接</numerusform>
        </translation>
    </message>
    <message>
        <source>Everybody who can reach this machine can read %1</source>
        <translation>所有能访问这台机器的人都可以读取 %1</translation>
    </message>
    <message>
        <source>%1 needs a link now</source>
        <translation>%1 现在需要链接才能访问</translation>
    </message>
    <message>
        <source>%1 will not be shared any more in 10 seconds; its files stay</source>
        <translation>%1 将在 10 秒后停止共享；文件会保留</translation>
    </message>
    <message numerus="yes">
        <source>%n transfer(s) ended</source>
        <translation>
            <numerusform>已结束 %n 个传输</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 is shared; its link is in the clipboard</source>
        <translation>“%1”已共享，链接已复制到剪贴板</translation>
    </message>
    <message numerus="yes">
        <source>%n link(s) are in the clipboard</source>
        <translation>
            <numerusform>%n 个链接已复制到剪贴板</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::SharesPage</name>
    <message>
        <source>Shares</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>Share a folder…</source>
        <translation>共享文件夹…</translation>
    </message>
    <message>
        <source>Drop a folder here</source>
        <translation>把文件夹拖到这里</translation>
    </message>
    <message>
        <source>Or files, anywhere on this window: they are shared at once,
and a link to them is in your clipboard.</source>
        <translation>也可以是文件，拖到窗口任意位置都行：会立即共享，
链接同时复制到剪贴板。</translation>
    </message>
    <message>
        <source>Search all shares</source>
        <translation>搜索所有共享</translation>
    </message>
    <message>
        <source>Share files…</source>
        <translation>共享文件…</translation>
    </message>
    <message>
        <source>Folders of all shares</source>
        <translation>所有共享的文件夹</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Link with rules…</source>
        <translation>带规则的链接…</translation>
    </message>
    <message>
        <source>Stop sharing</source>
        <translation>停止共享</translation>
    </message>
    <message>
        <source>This folder is empty.</source>
        <translation>此文件夹为空。</translation>
    </message>
    <message>
        <source>The first %1 entries. Search finds the others.</source>
        <translation>仅显示前 %1 项，其余可用搜索找到。</translation>
    </message>
    <message>
        <source>Nothing has such a name.</source>
        <translation>没有这样的名称。</translation>
    </message>
    <message>
        <source>The first %1 that were found. More letters find fewer.</source>
        <translation>仅显示前 %1 个结果，多输入几个字可缩小范围。</translation>
    </message>
    <message>
        <source>Found in all shares</source>
        <translation>在所有共享中找到</translation>
    </message>
    <message>
        <source>Copy link to this folder</source>
        <translation>复制此文件夹的链接</translation>
    </message>
    <message>
        <source>Public</source>
        <translation>公开</translation>
    </message>
    <message>
        <source>Private</source>
        <translation>私有</translation>
    </message>
    <message>
        <source>Everybody who can reach this machine can read it. Click to make it private.</source>
        <translation>所有能访问这台机器的人都可以读取。点击改为私有。</translation>
    </message>
    <message>
        <source>Only who has a link can read it. Click to make it public.</source>
        <translation>只有持有链接的人可以读取。点击改为公开。</translation>
    </message>
    <message>
        <source>Stop sharing %1</source>
        <translation>停止共享 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>reading names: %1 so far</source>
        <translation>正在读取名称：已有 %1 个</translation>
    </message>
    <message>
        <source>checksums: %1 %</source>
        <translation>校验和：%1%</translation>
    </message>
    <message>
        <source>the folder cannot be reached now</source>
        <translation>目前无法访问该文件夹</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Show in its folder</source>
        <translation>在所在文件夹中显示</translation>
    </message>
    <message>
        <source>Make private</source>
        <translation>改为私有</translation>
    </message>
    <message>
        <source>Make public</source>
        <translation>改为公开</translation>
    </message>
</context>
<context>
    <name>spillway::ui::Sidebar</name>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
</context>
<context>
    <name>spillway::ui::Toasts</name>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
</context>
<context>
    <name>spillway::ui::TransfersModel</name>
    <message>
        <source>Link %1</source>
        <translation>链接 %1</translation>
    </message>
    <message>
        <source>Unnamed</source>
        <translation>未命名</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>速率</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>By</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
</context>
<context>
    <name>spillway::ui::TransfersPage</name>
    <message>
        <source>Transfers</source>
        <translation>传输</translation>
    </message>
    <message>
        <source>Filter transfers</source>
        <translation>筛选传输</translation>
    </message>
    <message>
        <source>End transfer</source>
        <translation>结束传输</translation>
    </message>
    <message>
        <source>Nothing is going out</source>
        <translation>当前没有传输</translation>
    </message>
    <message>
        <source>Downloads show here while they run: who takes what, how fast,
and how long it will take. You can end any of them.</source>
        <translation>正在进行的下载会显示在这里：谁在下载什么、速度多快、
还要多久。您可以结束其中任何一个。</translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n 个进行中</numerusform>
        </translation>
    </message>
    <message>
        <source>Show only %1</source>
        <translation>仅显示 %1</translation>
    </message>
    <message>
        <source>Copy address of client</source>
        <translation>复制客户端地址</translation>
    </message>
    <message>
        <source>%1 copied</source>
        <translation>%1 已复制</translation>
    </message>
</context>
</TS>
