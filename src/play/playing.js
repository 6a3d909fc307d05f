var li="WebGPU, by which models run, is not available in this browser. Open the page in a current Chrome, Edge, Safari or Firefox; on Linux, Chrome may want chrome://flags/#enable-unsafe-webgpu. All else on this page works without.";function Hc(){if(!("gpu"in navigator))return li;if(!("Float16Array"in globalThis)||!("fromBase64"in Uint8Array))return"This browser is too old to unpack the models; one of 2026 can. All else on this page works without."}function Aw(e,t){if(e.nodeType!==t.nodeType||e.nodeName!==t.nodeName){e.replaceWith(t);return}if(e.nodeType!==Node.ELEMENT_NODE){e.data!==t.data&&(e.data=t.data);return}for(let{name:r}of[...e.attributes])!t.hasAttribute(r)&&!(r==="open"&&e.nodeName==="DETAILS")&&e.removeAttribute(r);for(let{name:r,value:n}of t.attributes)e.getAttribute(r)!==n&&e.setAttribute(r,n);Jc(e,t)}function Jc(e,t){let[r,n]=[[...e.childNodes],[...t.childNodes]];for(let o of r.slice(n.length))o.remove();n.forEach((o,s)=>s<r.length?Aw(r[s],o):e.append(o))}function fi(e,t){let r=document.createElement("template");r.innerHTML=t,Jc(e,r.content)}var pr=class{text;constructor(t){this.text=t}toString(){return this.text}};function q(e,...t){let r=e[0]??"";return t.forEach((n,o)=>r+=Yc(n)+(e[o+1]??"")),new pr(r)}function st(e,t){return t===!1||t===null||t===void 0?new pr(""):new pr(t===!0?` ${e}`:` ${e}="${Xc(t)}"`)}function Xc(e){return e.replace(/[&<>"']/g,t=>Ow[t]??t)}var Ow={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&#39;"};function Yc(e){return e==null||e===!1?"":e instanceof pr?e.text:typeof e=="object"?e.map(Yc).join(""):Xc(String(e))}var Zc={scale:1,form:"xyxy"};var hr=String.raw`\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*`,di=Array(4).fill(hr).join(","),Tw=[String.raw`\[${di}\]`,String.raw`\(${hr},${hr}\)\s*,?\s*\(${hr},${hr}\)`,String.raw`\(${di}\)`,String.raw`<(?:box|bbox)>${di}</(?:box|bbox)>`].map(e=>new RegExp(e,"i")),Mw=new RegExp(String.raw`^${Array(4).fill(hr).join("[,\\s]")}\.?$`,"i"),Nw=1e-6;function mr(e,t){let{scale:r,form:n}=t??Zc,o=Tw.map(h=>h.exec(e)).reduce((h,g)=>g!==null&&(h===null||g.index<h.index)?g:h,null)??(t===void 0?null:Mw.exec(e.trim()));if(o===null)return null;let s=r==="pixels"?1:r,[i,a,c,u]=o.slice(1).map(h=>Number(h)/s),[f,l]=n==="xyxy"?[c,u]:[i+c,a+u],d=r==="pixels"?Number.MAX_VALUE:n==="xywh"?1+Nw:1;return[i,a,f,l].every(h=>h>=0&&h<=d)&&i<=f&&a<=l?[i,a,f,l]:null}function eu({scale:e,form:t}=Zc){return`${t==="xyxy"?"[x1, y1, x2, y2]":"[x, y, width, height]"} ${e==="pixels"?"in pixels":`with coordinates in [0, ${e}]`}`}function tu(e,t){let r=Math.min(e[2],t[2])-Math.max(e[0],t[0]),n=Math.min(e[3],t[3])-Math.max(e[1],t[1]),o=Math.max(0,r)*Math.max(0,n),s=Qc(e)+Qc(t)-o;return s>0?o/s:0}function Qc(e){return(e[2]-e[0])*(e[3]-e[1])}var b=class extends Error{name="InputError"},gr=class extends Error{name="AdapterError"},ee=class extends Error{name="RunError"},Je=class extends Error{name="Interrupted"};function ae(e,t){if(!(t>0)||!Number.isFinite(t))throw new b(`expected a temperature above 0, found ${t}`);let r=e.filter(i=>i!==null),n=r.find(i=>!Number.isFinite(i));if(n!==void 0)throw new b(`expected finite values to weight the tasks by, found ${n}`);let o=r.reduce((i,a)=>Math.max(i,a),-1/0),s=r.reduce((i,a)=>i+Math.exp((a-o)/t),0);return e.map(i=>i===null?1:r.length*Math.exp((i-o)/t)/s)}var Cw=1e-8;function Iw(e,t={}){let{warmup:r=100,history:n=200,tau:o=5}=t;for(let[f,l]of Object.entries({warmup:r,history:n,tau:o}))if(!(l>0))throw new b(`coba: expected ${f} above 0, found ${l}`);let s,i=[],a=[],c=[],u=new Array(e).fill(1);return{name:hi.id,weights:()=>[...u],observe({step:f,validationLoss:l}){if(l===void 0)return;s??=[...l],i=[...s.keys()].filter(g=>s[g]!==null);let d=i.find(g=>typeof l[g]!="number");if(d!==void 0)throw new b(`coba, step ${f}: expected a validation loss of task ${d+1}, as before, found none`);let p=f-1;for(a.push({done:p,ratios:i.map(g=>l[g]/Math.max(s[g],Cw))});p-a[0].done>=n;)a.shift();if(p<r||a.length<2||i.length===0)return;c.push({done:p,slopes:i.map((g,m)=>Lw(a.map(w=>[w.done,w.ratios[m]])))});let h=Rw(c,c.filter(g=>p-g.done<n),o);u=new Array(e).fill(1);for(let[g,m]of i.entries())u[m]=h[g]}}}function Rw(e,t,r){let{slopes:n}=e.at(-1),o=n.length,s=ae(pi(n,o),1),i=n.map((f,l)=>pi(t.map(d=>d.slopes[l]),-t.length).at(-1)),a=ae(i,1),c=e.map(f=>Math.max(...f.slopes)),u=Math.min(1,ae(pi(c,-r*e.length),1).at(-1));return n.map((f,l)=>u*s[l]+(1-u)*a[l])}function pi(e,t){let r=e.reduce((n,o)=>n+Math.abs(o),0);return e.map(n=>r===0?0:t*n/r)}function Lw(e){let t=i=>e.reduce((a,c)=>a+c[i],0)/e.length,[r,n]=[t(0),t(1)],o=0,s=0;for(let[i,a]of e)o+=(i-r)*(a-n),s+=(i-r)**2;return o/s}var hi={id:"coba",name:"CoBa",text:"Convergence balancer: slopes of validation losses; slow tasks weigh more, diverging ones less.",formula:"\u03BB = K \xB7 (DF \xB7 RCS + (1 \u2212 DF) \xB7 ACS)",symbols:"K: tasks; RCS: a task\u2019s slope among all tasks\u2019; ACS: against its own past; DF: 1 while no task diverges",source:"arXiv 2410.06741",needs:"validation",constant:!1,validation:{every:20,questions:16},equalSteps:120,look:{color:"green",mark:"triangle-up-open",dash:"solid"},balancer:({tasks:e})=>Iw(e)};function K(e,t){let r=t.findIndex(o=>!(o>=0)||!Number.isFinite(o));if(r>=0)throw new b(`${e}: weight of task ${r+1}: expected a number of 0 or more, found ${t[r]}`);if(!t.some(o=>o>0))throw new b(`${e}: expected a weight above 0 for one task or more, found ${t.join(", ")||"none"}`);let n=[...t];return{name:e,weights:()=>[...n],observe(){}}}function bt(e,t,r){for(let[n,o]of[["V(i+mini)",t],["floor",r]])if(o!==void 0&&o.length!==e.length)throw new b(`${n}: expected ${e.length} scores, one a task, found ${o.length}`);return e.map((n,o)=>{let s=r?.[o],i=s===void 0?n:Math.max(0,n-s),a=t[o]-(s??0);return a>0?1-i/a:null})}function oo(e,t,r){for(let[n,o]of e.entries()){if(!t.includes(o))throw new b(`${r}: expected names of the table's tasks (${t.join(", ")}), found ${JSON.stringify(o)}`);if(e.indexOf(o)!==n)throw new b(`${r}: expected every name once, found ${o} again`)}return t.filter(n=>e.includes(n))}function wr(e,t){return e.map((r,n)=>t[n]?-r:r)}function ru(e,t,r,n){if(n!==void 0)return bt(wr(e,r),wr(t,r),wr(n,r));let o=(s,i)=>s.map((a,c)=>r[c]?i[c]:a);return t.length===e.length?bt(o(e,t),o(t,e)):bt(e,t)}function nu(e,t,r){let n=e.filter((o,s)=>t[s]);return r||n.length===0||n.length===e.length?[]:[`${n.join(", ")}: lower is better, and the difficulty is 1 \u2212 V(i+mini)/V(mini), the share of the error that is taken away; the other tasks' 1 \u2212 V(mini)/V(i+mini) is not on that scale. Floors put all on one.`]}function so(e,t){if(typeof e!="object"||e===null||Array.isArray(e))throw new b(`${t}: expected a table {tasks, mini, plus}, found ${it(e)}`);let r=e,n=Bw(r.tasks,t),o=a=>iu(r[a],n,a,`${t}: ${a}`),s={...r.floor===void 0||r.floor===null?{}:{floor:o("floor")},...Pw(r,n,t)};if(r.plus!==void 0){let a=r.miniAlone===void 0&&r.largeAlone===void 0?{}:{miniAlone:o("miniAlone"),largeAlone:o("largeAlone")},c=su(r.plus,n,"plus",t);return{tasks:n,mini:o("mini"),plus:c,...a,...s}}if(r.alone!==void 0){let a=su(r.alone,n,"alone",t);return{tasks:n,base:o("base"),alone:a,mini:o("mini"),...s}}let i=a=>jw(r[a],n,a,`${t}: ${a}`);if(r.contributionOut!==void 0)return{tasks:n,contributionOut:i("contributionOut"),contributionIn:i("contributionIn"),difficulty:i("difficulty")};throw new b(`${t}: expected the keys tasks, mini, plus (probe scores), or tasks, base, alone, mini (chat form), or tasks, contributionOut, contributionIn, difficulty; found ${Object.keys(r).join(", ")}`)}function io(e){let t=e[0];if(t===void 0)throw new b("expected one table of scores or more, found none");let r=Object.keys(t).sort().join(", ");if(e.forEach((s,i)=>{if(JSON.stringify(s.tasks)!==JSON.stringify(t.tasks))throw new b(`table ${i+1}: expected the tasks of table 1 in their order (${t.tasks.join(", ")}), found ${s.tasks.join(", ")}`);let a=Object.keys(s).sort().join(", ");if(a!==r)throw new b(`table ${i+1}: expected the keys of table 1 (${r}), found ${a}`);let c=u=>"contributionOut"in u?"":u.lowerIsBetter?.join(", ")??"";if(c(s)!==c(t))throw new b(`table ${i+1}: lower is better: expected the tasks of table 1 (${c(t)}), found ${c(s)}`)}),e.length===1)return t;let n=[...t.tasks];if("plus"in t){let s=e,i=t.plus.map((c,u)=>yt(s.map(f=>f.plus[u]))),a=t.miniAlone===void 0?{}:{miniAlone:yt(s.map(c=>c.miniAlone)),largeAlone:yt(s.map(c=>c.largeAlone))};return{tasks:n,mini:yt(s.map(c=>c.mini)),plus:i,...a,...ou(s)}}if("alone"in t){let s=e,i=t.alone.map((c,u)=>yt(s.map(f=>f.alone[u]))),a=yt(s.map(c=>c.base));return{tasks:n,base:a,alone:i,mini:yt(s.map(c=>c.mini)),...ou(s)}}let o=e;return{tasks:n,contributionOut:mi(o.map(s=>s.contributionOut)),contributionIn:mi(o.map(s=>s.contributionIn)),difficulty:mi(o.map(s=>s.difficulty))}}function ou(e){let t=e.flatMap(n=>n.floor===void 0?[]:[n.floor]),r=e[0]?.lowerIsBetter;return{...t.length>0&&{floor:yt(t)},...r!==void 0&&{lowerIsBetter:[...r]}}}function Pw(e,t,r){let n=e.lowerIsBetter;if(n==null)return{};if(!Array.isArray(n)||n.some(s=>typeof s!="string"))throw new b(`${r}: lowerIsBetter: expected a list of task names, found ${it(n)}`);let o=oo(n,t,`${r}: lowerIsBetter`);return o.length===0?{}:{lowerIsBetter:o}}function yt(e){return e[0].map((t,r)=>e.reduce((n,o)=>n+o[r],0)/e.length)}function mi(e){return e[0].map((t,r)=>{let n=e.map(o=>o[r]).filter(o=>o!==null);return n.length===0?null:n.reduce((o,s)=>o+s,0)/n.length})}function Bw(e,t){if(!Array.isArray(e)||e.length===0)throw new b(`${t}: tasks: expected a list of task names, found ${it(e)}`);return e.map((r,n)=>{if(typeof r!="string"||r.trim()==="")throw new b(`${t}: tasks, entry ${n+1}: expected a task name, found ${it(r)}`);if(e.indexOf(r)!==n)throw new b(`${t}: tasks, entry ${n+1}: expected every name once, found ${it(r)} again`);return r})}function su(e,t,r,n){if(!Array.isArray(e))throw new b(`${n}: ${r}: expected ${t.length} rows, one a task, found ${it(e)}`);if(e.length!==t.length)throw new b(`${n}: ${r}: expected ${t.length} rows, one a task, found ${e.length}`);return e.map((o,s)=>iu(o,t,r,`${n}: ${r}, row ${s+1} (${t[s]})`))}function iu(e,t,r,n){return au(e,t,r,n).map((o,s)=>{if(typeof o!="number"||!Number.isFinite(o))throw new b(`${n}, column ${s+1} (${t[s]}): expected a finite number, found ${it(o)}`);return o})}function jw(e,t,r,n){return au(e,t,r,n).map((o,s)=>{if(o===null||typeof o=="number"&&Number.isFinite(o))return o;throw new b(`${n}, column ${s+1} (${t[s]}): expected a finite number or null, found ${it(o)}`)})}function au(e,t,r,n){if(e===void 0)throw new b(`${n}: expected a list of scores named ${r}, found none`);if(!Array.isArray(e))throw new b(`${n}: expected ${t.length} numbers, one a task, found ${it(e)}`);if(e.length!==t.length)throw new b(`${n}: expected ${t.length} numbers, one a task, found ${e.length}`);return Array.from(e)}function it(e){if(typeof e=="number")return String(e);let t=JSON.stringify(e)??String(e);return t.length>60?`${t.slice(0,57)}...`:t}function ao(e,{groups:t={},fixed:r={}}){let n=(i,a)=>{if(!e.includes(a))throw new b(`${i}: expected some of ${e.join(", ")}, found ${JSON.stringify(a)}`)};for(let[i,a]of Object.entries(r))if(n("--fixed",i),!(a>0)||!Number.isFinite(a))throw new b(`--fixed: expected a weight above 0 for ${i}, found ${a}`);let o=new Map;for(let[i,a]of Object.entries(t)){if(a.length===0)throw new b(`--groups: expected tasks in ${JSON.stringify(i)}, found none`);for(let c of a){if(n("--groups",c),o.has(c))throw new b(`--groups: expected ${c} once, found it in ${o.get(c)} and ${i}`);if(Object.hasOwn(r,c))throw new b(`--groups: expected tasks that are balanced, found ${c}, which --fixed names`);o.set(c,i)}}let s=new Map;for(let i of e){if(Object.hasOwn(r,i))continue;let a=o.get(i)??i;if(!o.has(i)&&Object.hasOwn(t,i))throw new b(`--groups: expected names that no other task has, found ${i}, a task outside that group`);let c=s.get(a)??{name:a,tasks:[]};c.tasks.push(i),s.set(a,c)}return[...s.values()]}function cu(e,t){pn(t);let r=e.out.length;if(e.in.length!==r||e.difficulty.length!==r)throw new b(`expected three lists of weights of one length, found ${r} (out), ${e.in.length} (in), ${e.difficulty.length} (difficulty)`);return e.out.map((n,o)=>t.out*n+t.in*e.in[o]+t.difficulty*e.difficulty[o])}function pn(e){let t=[e.out,e.in,e.difficulty],r=t.join(", ");if(t.some(n=>!(n>=0)))throw new b(`alpha: expected three shares of 0 or more (out, in, difficulty), found ${r}`);if(Math.abs(t.reduce((n,o)=>n+o,0)-1)>1e-6)throw new b(`alpha: expected three shares (out, in, difficulty) that sum to 1, found ${r}`)}var Oe=[.5,2],hn=.5;function vt(e,t,r){let n={out:ae(e.out,r),in:ae(e.in.map(o=>o===null?null:-o),r),difficulty:ae(e.difficulty,r)};return{...n,lambda:cu(n,t)}}function co(e,t,r=Oe){let n=c=>vt(e,t,c).lambda.every(u=>u>=r[0]-1e-12&&u<=r[1]+1e-12),o=Math.max(...["out","in","difficulty"].map(c=>t[c]===0?0:zw(e[c])));if(o===0)return hn;let s=o/Math.log(Math.min(r[1],1/r[0])),i=o*.001,a=s;for(;a>i&&n(a);)s=a,a*=.98;for(let c=0;c<40&&a>i;c++){let u=(s+a)/2;n(u)?s=u:a=u}return qw(s)}function zw(e){let t=e.filter(r=>r!==null);return t.length===0?0:Math.max(...t)-Math.min(...t)}function qw(e){let t=10**(Math.floor(Math.log10(e))-3);return Number((Math.ceil(e/t)*t).toPrecision(4))}var Dw=.95,Ww=3,uu=2;function mn(e,t,r,n=[]){let o=[];return e.forEach((s,i)=>{for(let[c,u]of[["C_out",t.contributionOut],["C_in",t.contributionIn]]){let f=u[i];f===null&&e.length>1?o.push(`${s}: ${c} is undefined; the task gets weight 1 in that part.`):f!==null&&Math.abs(f)>Ww&&o.push(`${s}: ${c} is ${oe(f)}, which comes from dividing by a small own gain and is mostly noise; a least gain or more seeds would help.`)}let a=t.difficulty[i];a===null?o.push(`${s}: the difficulty is undefined, since ${n[i]?"the mini subset's score is not above zero (or the large subset's not below its floor)":"the large subset's score is not above zero (or its floor)"}; the task gets weight 1 in that part.`):a>=Dw?o.push(`${s}: the difficulty is ${oe(a)}: the mini subset teaches next to nothing${n[i]?" beside the large one":""}, so hard and starved tasks look the same; a larger mini subset would help.`):a<0&&!r.has(i)&&o.push(`${s}: the difficulty is ${oe(a)}: the mini subset scores better than the large one.`)}),o}function qt(e,t,r,n){let o=e.flatMap((s,i)=>{let a=t[i];return a>=Oe[0]-1e-9&&a<=Oe[1]+1e-9?[]:[`${s}: the weight ${oe(a)} is outside the band [${Oe.join(", ")}]; a higher temperature would mend it.`]});return n&&r>uu&&o.push(`the band [${Oe.join(", ")}] needs the temperature ${oe(r)}, beyond the paper's highest (${uu}): one extreme value flattens all others.`),o}function oe(e){return String(Number(e.toPrecision(4)))}function _r(e,t,r=0){let n=e.length;gi(t,n);let o=typeof r=="number"?e.map(()=>r):r;if(o.length!==n)throw new b(`expected one least gain, or one a task (${n}), found ${o.length}`);let s=o.find(c=>!(c>=0));if(s!==void 0)throw new b(`expected least gains of 0 or more, found ${s}`);let i=e.flatMap((c,u)=>{let f=t[u][u],l=1e-9*Math.max(Math.abs(f),Math.abs(c));return f-c>Math.max(o[u],l)?[]:[u]});return{matrix:t.map((c,u)=>c.map((f,l)=>u===l||i.includes(l)?null:(f-e[l])/(t[l][l]-e[l]))),undefinedInto:i}}function xt(e){return gi(e,e.length),e.map((t,r)=>lu(t.filter((n,o)=>o!==r)))}function $t(e){return gi(e,e.length),e.map((t,r)=>lu(e.filter((n,o)=>o!==r).map(n=>n[r])))}function lu(e){let t=e.filter(r=>r!==null);return t.length===0?null:t.reduce((r,n)=>r+n,0)/t.length}function gi(e,t){if(e.length!==t)throw new b(`expected ${t} rows, one a task, found ${e.length}`);let r=e.findIndex(n=>n.length!==t);if(r>=0)throw new b(`row ${r+1}: expected ${t} scores, one a task, found ${e[r].length}`)}function fu(e,t,r){let n=A=>t.map(I=>A[I]),o=n(e.tasks);if("contributionOut"in e){if(r.floor!==void 0||r.leastGain!==void 0)throw new b("a floor and a least gain need a table of scores; found contributions and difficulties");uo(e,r);let A={contributionOut:n(e.contributionOut),contributionIn:n(e.contributionIn),difficulty:n(e.difficulty)};return{contribution:o.map(()=>o.map(()=>null)),...A,warnings:mn(o,A,new Set)}}let[s,i]="plus"in e?[e.mini,e.plus]:[e.base,e.alone],a=Uw(r.floor,e.tasks)??e.floor,c=r.leastGain,u=typeof c=="object";if(u&&c.length!==e.tasks.length)throw new b(`leastGain: expected one number, or one a task (${e.tasks.length}), found ${c.length}`);let f=uo(e,r),l=o.map(A=>f.includes(A)),d=n(i).map(n),p=n(s),{matrix:h,undefinedInto:g}=_r(wr(p,l),d.map(A=>wr(A,l)),u?n(c):c??0),m=d.map((A,I)=>A[I]),w="miniAlone"in e&&"largeAlone"in e?e:void 0,_=n(w?.miniAlone??e.mini),y=w?.largeAlone?n(w.largeAlone):m,E=a&&n(a),x={contributionOut:xt(h),contributionIn:$t(h),difficulty:ru(_,y,l,E)},v=[...nu(o,l,E!==void 0),...g.map(A=>{let I=l[A]?p[A]-m[A]:m[A]-p[A],M=typeof c=="number"?c:u?n(c)[A]:0;return`${o[A]}: its own gain is ${oe(I)} points, not above ${oe(M)}: the contributions into it are undefined and left out of the means.`}),...o.flatMap((A,I)=>{let M=E?.[I];return M!==void 0&&(l[I]?_[I]>M:_[I]<M)?[`${A}: V(mini) is ${oe(_[I])}, ${l[I]?"above":"below"} its floor ${oe(M)}, and counts as the floor.`]:[]})];return{contribution:h,...x,warnings:[...v,...mn(o,x,new Set(g),l)]}}function uo(e,t){let r=oo(t.lowerIsBetter??[],e.tasks,"lowerIsBetter");if(!("contributionOut"in e)){let n=e.lowerIsBetter??[];return e.tasks.filter(o=>n.includes(o)||r.includes(o))}if(r.length===0)return[];throw new b("lowerIsBetter: expected a table of scores, found contributions and difficulties; they have their signs already")}function Uw(e,t){if(e===void 0)return;if(e.length!==t.length)throw new b(`floor: expected ${t.length} scores, one a task, found ${e.length}`);let r=e.findIndex(n=>!Number.isFinite(n));if(r>=0)throw new b(`floor (${t[r]}): expected a finite number, found ${e[r]}`);return e}var wi={out:.25,in:.25,difficulty:.5};function lo(e,t={}){let r=Kw(e)?e:[e],n=r.map((x,v)=>so(x,r.length===1?"scores":`table ${v+1}`)),o=io(n),s={...t.alpha??wi};pn(s);let i=Fw(t.fixed??{}),a=uo(o,t),c=o.tasks.flatMap((x,v)=>i.has(x)?[]:[v]),u=fu(o,c,t),f=[...u.warnings],l={out:u.contributionOut,in:u.contributionIn,difficulty:u.difficulty},d=t.temperature==="auto",p=t.temperature==="auto"?co(l,s):t.temperature??hn,h=vt(l,s,p),g=c.map(x=>o.tasks[x]);g.length<2&&f.push(`expected two tasks or more to balance, found ${g.length}: there is nothing to weigh.`),f.push(...qt(g,h.lambda,p,d));let m=[...o.tasks,...[...i.keys()].filter(x=>!o.tasks.includes(x))],w=m.map(x=>g.indexOf(x)),_=(x,v)=>w.map((A,I)=>A<0?v(m[I]):x[A]),y=()=>null,E=x=>i.get(x);for(let[x,v]of i){let A=o.tasks.includes(x)?"":"it is not in the table and was added; ";f.push(`${x}: ${A}the weight is fixed at ${v}, outside the balancing.`)}return{tasks:m,temperature:p,alpha:s,contribution:_(u.contribution.map(x=>_(x,y)),()=>m.map(y)),contributionOut:_(u.contributionOut,y),contributionIn:_(u.contributionIn,y),difficulty:_(u.difficulty,y),lambdaOut:_(h.out,E),lambdaIn:_(h.in,E),lambdaDifficulty:_(h.difficulty,E),lambda:_(h.lambda,E),...a.length>0&&{lowerIsBetter:a},warnings:f}}function Fw(e){for(let[t,r]of Object.entries(e))if(!(r>=0)||!Number.isFinite(r))throw new b(`fixed weight of ${t}: expected a number of 0 or more, found ${r}`);return new Map(Object.entries(e))}function Kw(e){return Array.isArray(e)}function du(e,{groups:t,...r}){let n=io(e);if("contributionOut"in n)throw new b("groups: expected a table of scores, found contributions and difficulties");let{tasks:o}=n,s=r.fixed??{},i=ao(o,{groups:t,fixed:s}),a=[...i,...Object.keys(s).map(g=>({name:g,tasks:[g]}))],c=[],u=lo(Gw(n,a,c),r),f=o.map(g=>a.findIndex(m=>m.tasks.includes(g))),l=i.reduce((g,m)=>g+m.tasks.length,0),d=l/i.reduce((g,m,w)=>g+m.tasks.length*u.lambda[w],0),p=g=>f.map(m=>g[m]),h=g=>f.map(m=>m<i.length?d*g[m]:g[m]);if(Math.abs(d-1)>1e-12){c.push(`groups differ in size: all their weights were multiplied by ${oe(d)}, so that those of the ${l} tasks sum to ${l}.`);let g=i.flatMap((m,w)=>qt([m.name],[u.lambda[w]],u.temperature,!1).length===0?[w]:[]);c.push(...qt(g.map(m=>a[m].name),g.map(m=>d*u.lambda[m]),u.temperature,!1))}return{...u,tasks:[...o],contribution:f.map(g=>f.map(m=>g===m?null:u.contribution[g][m])),contributionOut:p(u.contributionOut),contributionIn:p(u.contributionIn),difficulty:p(u.difficulty),lambdaOut:h(u.lambdaOut),lambdaIn:h(u.lambdaIn),lambdaDifficulty:h(u.lambdaDifficulty),lambda:h(u.lambda),warnings:[...u.warnings,...c],groups:Object.fromEntries(Object.entries(t).map(([g,m])=>[g,[...m]]))}}function Gw(e,t,r){let n=t.map(p=>p.tasks.map(h=>e.tasks.indexOf(h))),o=(p,h)=>{let g=n.map((m,w)=>m.length===1?m:m.filter(_=>p(_)>0?!0:(r.push(`${e.tasks[_]}: ${h} is ${oe(p(_))}, not above 0: it is left out of the score of its group ${t[w].name}.`),!1)));return m=>g.map((w,_)=>{if(n[_].length===1)return m[w[0]];let y=w.reduce((E,x)=>E+m[x]/p(x),0);return w.length===0?0:100*y/w.length})},s=t.map(({name:p})=>p),i="plus"in e?e.plus:e.alone,a=o(p=>i[p][p],"plus"in e?"V(own + mini)":"V(own)"),c=n.map(([p])=>a(i[p])),u=e.floor===void 0?{}:{floor:a(e.floor)};if(!("plus"in e))return{tasks:s,base:a(e.base),alone:c,mini:a(e.mini),...u};let{miniAlone:f,largeAlone:l}=e;if(f===void 0||l===void 0)return{tasks:s,mini:a(e.mini),plus:c,...u};let d=o(p=>l[p],"V(own alone)");return{tasks:s,mini:a(e.mini),plus:c,miniAlone:d(f),largeAlone:d(l),...u}}function Vw(e){let t=new TextEncoder().encode(e),r=n=>{let o=n;for(let s of t)o=Math.imul(o^s,16777619);return o=Math.imul(o^t.length^o>>>16,2246822507),o=Math.imul(o^o>>>13,3266489909),(o^o>>>16)>>>0};return[r(2166136261),r(2654435769),r(2135587861),r(625341585)]}function pu(e,t){return e<<t|e>>>32-t}var J=class e{#e;#t;#r;constructor(t){this.#e=String(t),this.#t=Int32Array.from(Vw(this.#e)),this.#t.every(r=>r===0)&&(this.#t[0]=1)}#n(){let t=this.#t,[r,n,o,s]=[t[0],t[1],t[2],t[3]],i=Math.imul(pu(Math.imul(n,5),7),9)>>>0,a=o^r,c=s^n;return t[1]=n^a,t[0]=r^c,t[2]=a^n<<9,t[3]=pu(c,11),i}next(){let t=this.#n()>>>5,r=this.#n()>>>6;return(t*67108864+r)/9007199254740992}int(t){if(!Number.isInteger(t)||t<1||t>4294967296)throw new RangeError(`Random.int: expected an integer from 1 to 2^32, found ${t}`);if(t===4294967296)return this.#n();for(;;){let r=this.#n(),n=(r>>>0)%(t>>>0);if(r-n+t<=4294967296)return n}}normal(){if(this.#r!==void 0){let s=this.#r;return this.#r=void 0,s}let t=0,r=0,n=0;do t=2*this.next()-1,r=2*this.next()-1,n=t*t+r*r;while(n>=1||n===0);let o=Math.sqrt(-2*Math.log(n)/n);return this.#r=r*o,t*o}shuffle(t){for(let r=t.length-1;r>0;r--){let n=this.int(r+1),o=t[r];t[r]=t[n],t[n]=o}return t}pick(t){if(t.length===0)throw new RangeError("Random.pick: expected at least one element, found none");return t[this.int(t.length)]}fork(t){return new e(`${this.#e}/${t.length}:${t}`)}};function br(e,t){let r=e.flatMap((w,_)=>w===null?[]:[_]),n=r.length;if(n===0)return{values:[...e],own:e.map(()=>null),mean:null,spread:0};let o=r.map(w=>e[w]),s=Math.max(...o)-Math.min(...o);if(s===0)return{values:[...e],own:m(()=>1),mean:o[0],spread:0};let i=r.map(w=>Math.max(t[w],1e-9*s**2)),a=w=>{let _=0,y=0;for(let E=0;E<n;E++)_+=o[E]/(i[E]+w),y+=1/(i[E]+w);return _/y},c=w=>{let _=a(w);return o.reduce((y,E,x)=>y+(E-_)**2/(i[x]+w),0)-(n-1)},u=o.reduce((w,_)=>w+_,0)/n,f=0,l=o.reduce((w,_)=>w+(_-u)**2,0)/Math.max(1,n-1);c(0)<=0&&(l=0);for(let w=0;w<60&&l>0;w++){let _=(f+l)/2;c(_)>0?f=_:l=_}let d=l,p=a(d),h=Math.max(0,(n-3)/(n-1)),g=m(w=>1-h*i[w]/(i[w]+d));return{values:e.map((w,_)=>w===null?null:p+g[_]*(w-p)),own:g,mean:p,spread:d};function m(w){return e.map((_,y)=>_===null?null:w(r.indexOf(y)))}}function gn(e){let t=e.length,r=e[0]?.length??0;if(r<2)return{total:1/0,questions:1/0,draws:0,between:0,rest:0};let n=new Float64Array(r),o=e.map(f=>{let l=0;for(let d=0;d<r;d++)l+=f[d],n[d]+=f[d]/t;return l/r}),s=o.reduce((f,l)=>f+l,0)/t,i=n.reduce((f,l)=>f+(l-s)**2,0)/(r*(r-1));if(t<2)return{total:i,questions:i,draws:0,between:0,rest:0};let a=o.reduce((f,l)=>f+(l-s)**2,0)/(t*(t-1)),c=0;e.forEach((f,l)=>{for(let d=0;d<r;d++)c+=(f[d]-o[l]-n[d]+s)**2}),c/=t*r*(t-1)*(r-1);let u=Math.max(0,a-c);return{total:i+u,questions:i,draws:u,between:a,rest:c}}function Hw(e){let t=e.draws,r=e.columns[0]?.length??0,n=e.blank?r-1:r,o=e.columns.map((m,w)=>w);if(t<2)return{deviation:o.map(()=>new Array(r).fill(0)),ofTask:0,ofProbe:0,degrees:0};let s=e.columns.map(m=>m.map(gn)),i=e.columns.map(m=>m[0][0].length>1),a=(m,w)=>Jw(s.map((_,y)=>i[y]?_.slice(m,w):null),t,w-m),c=a(0,n),u=a(n,r),f=o.map(m=>[...c.deviation[m],...u.deviation[m]]),l=wn(0,n),[d,p,h,g]=[0,0,0,0];for(let m of o){if(!i[m])continue;let w=gn(Xw(e.columns[m].slice(0,n)));d+=t*_i(w)-l.reduce((_,y)=>_+t*_i(s[m][y]),0),p+=mu(l.map(_=>f[m][_]))}for(let m of l){let w=e.columns.map(y=>y[m].map(E=>at(E))),_=w[0].map((y,E)=>w.reduce((x,v)=>x+v[E],0));h+=gu(_)/(t-1)-w.reduce((y,E)=>y+gu(E)/(t-1),0),g+=mu(o.map(y=>f[y][m]))}return{deviation:f,ofTask:hu(d,p),ofProbe:hu(h,g),degrees:i.includes(!0)?Math.round((t-1)*n*c.shared):0}}function wu(e,t){let{deviation:r,ofTask:n,ofProbe:o,degrees:s}=Hw(e);if(s===0)return()=>r.map(y=>y.map(()=>0));let i=r.length,a=r[0].length-(e.blank?1:0),c=1-n-o,u=[c,c+a*n,c+i*o,c+a*n+i*o].map(y=>Math.max(0,y)),f=[(i-1)*(a-1),i-1,a-1,1],l=u.reduce((y,E,x)=>y+f[x]*E,0)/(i*a),[d,p,h,g]=u.map(y=>l>0?Math.sqrt(y/l):0),m=["mini",...e.tasks.map(y=>`plus ${y}`),"blank"],w=e.tasks.map((y,E)=>r[E].map((x,v)=>t.fork(`task ${y}`).fork(m[v]))),_=t.fork("tails");return()=>{let y=w.map(M=>M.map(F=>F.normal())),E=0;for(let M=0;M<s;M++)E+=_.normal()**2;let x=Math.sqrt(s/E/e.draws),v=y.map(M=>at(M.slice(0,a))),A=wn(0,a).map(M=>at(y.map(F=>F[M]))),I=at(v);return r.map((M,F)=>M.map((we,_e)=>{if(_e>=a)return x*we*y[F][_e];let[ot,Ce]=[v[F]-I,A[_e]-I],De=y[F][_e]-ot-Ce-I;return x*we*(d*De+p*ot+h*Ce+g*I)}))}}function Jw(e,t,r){let n=e.map(l=>l&&l.map(d=>t*_i(d))),o=n.map(l=>l&&at(l)),s=Math.max(0,at(o.filter(l=>l!==null))),i=(l,d)=>l.map(({rest:p})=>2*(Math.max(0,d)+t*p)**2/(t-1)),a=br(o,e.map(l=>l===null?0:at(i(l,s))/r)),c=a.values.map(l=>l??a.mean??0),u=br(n.flatMap((l,d)=>wn(0,r).map(p=>l&&l[p]-o[d])),e.flatMap((l,d)=>l===null?wn(0,r).map(()=>0):i(l,c[d]))),f=a.own.filter(l=>l!==null);return{deviation:c.map((l,d)=>wn(0,r).map(p=>Math.sqrt(Math.max(0,l+(u.values[d*r+p]??0))))),shared:1+(f.length-1)*(1-at(f))}}function _i({between:e,rest:t}){return e-t}function hu(e,t){return t>0?Math.max(-1,Math.min(1,e/t)):0}function Xw(e){return e[0].map((t,r)=>t.map((n,o)=>e.reduce((s,i)=>s+i[r][o],0)))}function mu(e){return e.reduce((t,r)=>t+r,0)**2-e.reduce((t,r)=>t+r*r,0)}function gu(e){let t=at(e);return e.reduce((r,n)=>r+(n-t)**2,0)}function at(e){if(e.length===0)return 0;let t=0;for(let r=0;r<e.length;r++)t+=e[r];return t/e.length}function wn(e,t){return Array.from({length:t-e},(r,n)=>e+n)}function fo(e){return bu(e,(t,r)=>{let n=e.columns[t][r];return n.reduce((o,s)=>o+s.reduce((i,a)=>i+a,0)/s.length,0)/n.length})}function*_u(e,t,r="intervals"){let n=e.draws,o=new J(r),s=wu(e,o.fork("draws")),i=e.columns.map(c=>c.map(u=>Float64Array.from({length:u[0].length},(f,l)=>u.reduce((d,p)=>d+p[l],0)/n))),a=e.tasks.map(c=>o.fork(`task ${c}`));for(let c=0;c<t;c++){let u=i.map((l,d)=>{let p=l[0].length;return Uint32Array.from({length:p},()=>a[d].int(p))}),f=s();yield bu(e,(l,d)=>{let p=i[l][d],h=u[l],g=0;for(let m=0;m<h.length;m++)g+=p[h[m]];return g/h.length+f[l][d]})}}function bu(e,t){let r=e.tasks.map((n,o)=>o);return{mini:r.map(n=>t(n,0)),plus:r.map(n=>r.map(o=>t(o,1+n))),...e.blank&&{blank:r.map(n=>t(n,1+r.length))}}}function _n(e,t,r={}){let{level:n=.95,replicates:o=1e3,seed:s="intervals"}=r,i=[...e.tasks],a=[],c=[];for(let d of _u(e,o,s))a.push(d.mini.map((p,h)=>d.plus[h][h]-p)),c.push(t(d));let u=d=>bi(c.map(d),n),f=c.map(({lambda:d})=>d),l=(1-n)/2*o;return{tasks:i,level:n,replicates:o,draws:e.draws,questions:e.columns.map(d=>d[0][0].length),ownGain:i.map((d,p)=>bi(a.map(h=>h[p]),n)),contribution:i.map((d,p)=>i.map((h,g)=>u(m=>m.contribution[p][g]))),contributionOut:i.map((d,p)=>u(h=>h.contributionOut[p])),contributionIn:i.map((d,p)=>u(h=>h.contributionIn[p])),difficulty:i.map((d,p)=>u(h=>h.difficulty[p])),lambda:i.map((d,p)=>bi(f.map(h=>h[p]),n)),heavier:i.flatMap((d,p)=>i.flatMap((h,g)=>p!==g&&f.filter(m=>m[p]<=m[g]).length<l?[[d,h]]:[]))}}function yu(e,t,r){let{matrix:n}=_r(e.mini,e.plus),o=xt(n),s=$t(n),i=bt(e.mini,e.plus.map((c,u)=>c[u])),{lambda:a}=vt({out:o,in:s,difficulty:i},t,r);return{contribution:n,contributionOut:o,contributionIn:s,difficulty:i,lambda:a}}function vu(e,t,r,n){let o=_n(e,s=>yu(s,t,r),n);return bn(o,yu(fo(e),t,r))}function bn(e,t){let r=(n,o)=>n.map((s,i)=>o[i]===null?null:s);return{...e,contribution:e.contribution.map((n,o)=>r(n,t.contribution[o])),contributionOut:r(e.contributionOut,t.contributionOut),contributionIn:r(e.contributionIn,t.contributionIn),difficulty:r(e.difficulty,t.difficulty)}}function bi(e,t){let r=Float64Array.from(e.filter(o=>o!==null)).sort();if(r.length===0||r.length<t*e.length)return null;let n=o=>{let s=o*(r.length-1),i=Math.floor(s),a=Math.min(i+1,r.length-1);return r[i]+(s-i)*(r[a]-r[i])};return[n((1-t)/2),n((1+t)/2)]}function po(e,t){if(t.length===0)throw new b("points: expected those of one draw or more, found none");let r=t[0].blank!==void 0,n=t.map((s,i)=>{if(s.plus.length!==e.length)throw new b(`points, draw ${i+1}: expected ${e.length} rows, one a task, found ${s.plus.length}`);if(s.blank!==void 0!==r)throw new b("points: expected blank images in every draw or in none, found them in some");return[["mini",s.mini],...s.plus.map((a,c)=>[`${e[c]} + mini`,a]),...s.blank===void 0?[]:[["blank",s.blank]]]}),o=e.map((s,i)=>{let a=n[0][0][1][i]?.length??0;return n[0].map((c,u)=>n.map((f,l)=>{let[d,p]=f[u],h=p[i],g=`points, draw ${l+1}, ${d}, task ${s}`;if(!h||h.length===0)throw new b(`${g}: expected answers, found none`);if(h.length!==a)throw new b(`${g}: expected ${a} answers, as many as the mini probe of draw 1 gave, found ${h.length}`);let m=h.find(w=>!Number.isFinite(w));if(m!==void 0)throw new b(`${g}: expected finite points, found ${m}`);return Float64Array.from(h)}))});return{tasks:e,draws:t.length,blank:r,columns:o}}function ho(e){let t=[];for(let r=1;;r++){let n=a=>e[yr(a,r)],[o,s,i]=[n("mini"),n("plus"),n("blank")];if(o===void 0)break;if(s===void 0)throw new b(`points, draw ${r}: expected those of ${yr("plus",r)}, found none`);t.push({mini:o,plus:s,...i!==void 0&&{blank:i}})}if(t.length===0)throw new b("points: expected those of mini, found none");return t}function yr(e,t){return t===1?e:`${e}-${t}`}function ke(e,t){return Object.fromEntries(e.map(r=>[r,typeof t=="string"?t:t(r)]))}function yn(e,t,r){return e.tune({folder:`methods/${t}`,data:ke(e.tasks,"all"),split:"test",weighting:{method:t,...r!==void 0&&{weights:r}},keep:!0})}function Yw({probes:e}){return e==="third"?1/3:1}var xu={at:"probes"};function xr(e,{at:t,...r}=xu){return vr(e,`${t}/mini`,ke(e.tasks,"mini"),{first:!0,...r})}function $r(e,t,{at:r,drawSeed:n}=xu){let o=n===void 0?{}:{drawSeed:n};return yi(e,t,s=>{let i=c=>s.tasks.includes(c),a=`${r}/plus-${e.folderOf(s.name)}`;return e.settings.probes==="continued"?vr(e,a,mo(s,"rest"),{from:`${r}/mini`,...o}):vr(e,a,ke(e.tasks,c=>i(c)?"large":"mini"),o)})}function go(e,t,r){let n=a=>({tasks:a.tasks}),o=(a,c)=>`probes/${a}/${e.folderOf(c.name)}`,s=yi(e,t,a=>vr(e,o("alone-mini",a),mo(a,"mini"),{first:!0,...n(a)})),i=yi(e,t,a=>{let c=r==="own"?n(a):{};if(e.settings.probes==="continued"){let u=o("alone-mini",a);return vr(e,o("alone",a),mo(a,"rest"),{from:u,...c})}return vr(e,o("alone",a),mo(a,"large"),c)});return{mini:vi(e,s),large:i}}function vi(e,t){return Object.fromEntries(e.tasks.map((r,n)=>[r,t[n]]))}function kt(e,t){let r=a=>e.length===1?"scores":`table ${a+1}`,n=e.map((a,c)=>so(a,r(c))),{groups:o,...s}=t;if(o===void 0)return lo(n,s);let i=n.flatMap(a=>"contributionOut"in a?[]:[a]);return du(i,{groups:o,...s})}function $u(e,t,r){let n=kt(e,t),{tasks:o,alpha:s,temperature:i}=n,a=po(o,r.map(f=>ho(f)[0]));if(t.groups===void 0&&t.fixed===void 0)return vu(a,s,i);let c={...t,temperature:i},u=_n(a,({mini:f,plus:l})=>kt([{tasks:o,mini:f,plus:l}],c));return bn(u,n)}function mo(e,t){return Object.fromEntries(e.tasks.map(r=>[r,t]))}function yi(e,t,r){let n=ao(e.tasks,e.settings),o=n.map(r);return e.tasks.map(s=>o[n.findIndex(i=>i.tasks.includes(s))]??t)}function vr(e,t,r,{first:n=!1,from:o,tasks:s,drawSeed:i,keep:a}={}){let{probes:c}=e.settings,u=Yw(e.settings);return e.tune({folder:t,data:r,split:"val",...s&&{tasks:s},...(a||n&&c==="continued")&&{keep:!0},...o!==void 0&&{from:o},...u!==1&&{passes:u},...c==="early"&&{early:!0},...i!==void 0&&{drawSeed:i}})}var Et={id:"cotbal",name:"CoTBal",text:"One model on all tasks, every answer token weighs its task\u2019s \u03BB.",formula:"\u03BB = \u03B1_out\xB7\u03BB_out + \u03B1_in\xB7\u03BB_in + \u03B1_D\xB7\u03BB_D",source:"arXiv 2403.04343, equation 8",needs:"probes",constant:!0,look:{color:"vermillion",mark:"diamond",dash:"solid"},balancer({weights:e}){if(e===void 0)throw new b("cotbal: expected weights, one a task, found none");return K(Et.id,e)},measure(e){let t=e.scoreBase("val"),r=xr(e),n=$r(e,r);return e.weigh({method:Et.id,folder:"balance",scores:{base:t,mini:r,plus:n},table:"validation.json",weights:"weights.json",intervals:"intervals.json"})},weigh:kt,intervals:$u};var vn={id:"cotbal-mix",name:"CoTBal mix",text:"Tasks are drawn by CoTBal\u2019s \u03BB in place of weighing their tokens by it.",formula:"p_i = \u03BB_i\xB7q_i / \u03A3_j \u03BB_j\xB7q_j",symbols:"\u03BB: CoTBal\u2019s weights; q_i: share of task i without them; p_i: share of the draws",source:"CoTBal by sampling; this project",needs:"own models",constant:!0,samples:!0,look:{color:"vermillion",mark:"triangle-up-open",dash:"dash"},balancer:({tasks:e})=>K(vn.id,Array.from({length:e},()=>1)),measure:e=>Et.measure(e),weigh:(...e)=>Et.weigh(...e),models(e,t){e.tune({folder:`methods/${vn.id}`,data:ke(e.tasks,"all"),split:"test",weighting:{method:vn.id},sampling:{lambda:t},keep:!0})}};var Dt={id:"cotbal-chat",name:"CoTBal chat",text:"CoTBal\u2019s chat form: probes on one task alone, compared with the untuned base.",formula:"\u03BB as CoTBal\u2019s, C[i\u2192j] = (V_j(i) \u2212 V_j(base)) / (V_j(j) \u2212 V_j(base))",symbols:"V_j(i): score on task j of the model tuned on task i alone; V_j(base): of the untuned base",source:"arXiv 2403.04343, equations 10 and 11",needs:"probes",constant:!0,look:{color:"vermillion",mark:"diamond-open",dash:"dash"},balancer({weights:e}){if(e===void 0)throw new b("cotbal-chat: expected weights, one a task, found none");return K(Dt.id,e)},measure(e){let t=e.scoreBase("val"),{mini:r,large:n}=go(e,t,"all");return e.weigh({method:Dt.id,folder:`methods/${Dt.id}/weights`,scores:{base:t,alone:n,mini:r},table:`methods/${Dt.id}/validation.json`,weights:`methods/${Dt.id}/weights.json`})},weigh:kt};var Wt={id:"cotbal-precise",name:"CoTBal precise",text:"CoTBal with the difficulty of each task from models tuned on it alone.",formula:"\u03BB as CoTBal\u2019s, D[i] = 1 \u2212 V_i(mini_i) / V_i(i)",symbols:"V_i(mini_i), V_i(i): score on task i of the models tuned on its mini and its large subset alone",source:"arXiv 2403.04343, equation 12",needs:"probes",constant:!0,look:{color:"vermillion",mark:"square-open",dash:"dashdot"},balancer({weights:e}){if(e===void 0)throw new b("cotbal-precise: expected weights, one a task, found none");return K(Wt.id,e)},measure(e){let t=e.scoreBase("val"),r=xr(e),n=$r(e,r),o=go(e,t,"own");return e.weigh({method:Wt.id,folder:`methods/${Wt.id}/weights`,scores:{base:t,mini:r,plus:n,miniAlone:o.mini,largeAlone:vi(e,o.large)},table:`methods/${Wt.id}/validation.json`,weights:`methods/${Wt.id}/weights.json`})},weigh:kt};function Qw(e,t={}){let{window:r=25,temperature:n=2}=t;if(!Number.isInteger(r)||r<1)throw new b(`dwa: expected a window of 1 loss or more, found ${r}`);let o=Array.from({length:e},()=>[]);return{name:xi.id,weights(){return o.some(({length:s})=>s<2*r)?o.map(()=>1):ae(o.map(s=>Zw(s,r)),n)},observe({taskLoss:s}){for(let[i,a]of s.entries())a!==null&&(o[i].push(a),o[i].length>2*r&&o[i].shift())}}}function Zw(e,t){let r=s=>e.slice(s,s+t).reduce((i,a)=>i+a,0),n=r(0),o=r(t);return n>0?o/n:1}var xi={id:"dwa",name:"DWA",text:"Dynamic weight average: a task weighs the more, the slower its loss falls.",formula:"\u03BB = K \xB7 softmax(r / 2)",symbols:"K: tasks; r_i: mean loss of task i over its last 25 steps, divided by that over the 25 before",source:"arXiv 1803.10704; a baseline of arXiv 2403.04343",needs:"nothing",constant:!1,equalSteps:60,look:{color:"sky",mark:"triangle-down",dash:"dash"},balancer:({tasks:e})=>Qw(e)};function e_(e){return K(St.id,Array.from({length:e},()=>1))}var St={id:"ew",name:"EW",text:"Equal weighting: one model on all tasks, every answer token weighs 1.",formula:"\u03BB_i = 1",source:"the usual training; a baseline of arXiv 2403.04343",needs:"nothing",constant:!0,look:{color:"blue",mark:"circle",dash:"dash"},asBase:"\u0394I and \u0394E are taken against EW (all weights 1), since STL did not run; add it with --methods ew,cotbal,stl.",balancer:({tasks:e})=>e_(e),models(e){yn(e,St.id),e.scoreBlank(`methods/${St.id}`)}};function wo(e){yn(e,St.id);let t=e.score({model:`methods/${St.id}`,folder:"probes/equal",split:"val"});return{weights:e.tasks.map(()=>1),scores:t}}var xn={id:"ew-budget",name:"EW + budget",text:"Equal weighting, tuned for as much longer as CoTBal\u2019s probes would take.",formula:"\u03BB_i = 1",source:"EW at CoTBal\u2019s cost; this project",needs:"nothing",constant:!0,look:{color:"blue",mark:"circle-open",dash:"dot"},balancer:({tasks:e})=>K(xn.id,Array.from({length:e},()=>1)),models(e){e.tune({folder:`methods/${xn.id}`,data:ke(e.tasks,"all"),split:"test",weighting:{method:xn.id},keep:!0,withProbes:!0})}};var $n={id:"ew-natural",name:"EW natural",text:"Equal weighting on tasks drawn by their sizes: the reference for mixing weights.",formula:"\u03BB_i = 1",source:"EW without --mix; this project",needs:"nothing",constant:!0,look:{color:"blue",mark:"square-open",dash:"dashdot"},balancer:({tasks:e})=>K($n.id,Array.from({length:e},()=>1)),models(e){e.tune({folder:`methods/${$n.id}`,data:ke(e.tasks,"all"),split:"test",weighting:{method:$n.id},sampling:"size",keep:!0})}};function _o(e){let o=0,s=0,i=1,a=1;return c=>(o=.9*o+(1-.9)*c,s=.999*s+(1-.999)*c*c,i*=.9,a*=.999,e*(o/(1-i))/(Math.sqrt(s/(1-a))+1e-8))}var t_=1e-8;function r_(e,{rate:t=.025,decay:r=.01}={}){let n=new Array(e).fill(0),o=n.map(()=>_o(t)),s=new Array(e).fill(null);return{name:$i.id,weights(){let i=s.filter(a=>a!==null);return i.length<e?n.map(()=>1):ae(i.map((a,c)=>n[c]-a),1)},observe({taskLoss:i}){let a=[];for(let[f,l]of i.entries()){if(l===null)continue;let d=Math.log(Math.max(l,t_));s[f]!==null&&a.push({i:f,d:s[f]-d}),s[f]=d}if(a.length<2)return;let c=ae(a.map(({i:f})=>n[f]),1).map(f=>f/a.length),u=a.reduce((f,{d:l},d)=>f+c[d]*l,0);for(let[f,{i:l,d}]of a.entries())n[l]-=o[l](c[f]*(d-u)+r*n[l])}}}var $i={id:"famo",name:"FAMO",text:"A task gains weight while its loss falls by a smaller share than the others\u2019.",formula:"\u03BB_i = K \xB7 (z_i / L_i) / \u03A3_j (z_j / L_j)",symbols:"K: tasks; L_i: loss of task i; z: softmax of logits that learn from the change of log L",source:"arXiv 2306.03792",needs:"nothing",constant:!1,equalSteps:20,look:{color:"sky",mark:"square",dash:"solid"},balancer:({tasks:e})=>r_(e)};function n_(e,t,r){let n=t.filter(s=>!Object.hasOwn(e,s)),o=Object.keys(e).filter(s=>!t.includes(s));if(n.length>0||o.length>0){let s=[...n.length>0?[`none for ${n.join(", ")}`]:[],...o.length>0?[`one for ${o.join(", ")}`]:[]];throw new b(`${r}: expected a weight for each of the tasks ${t.join(", ")}, found ${s.join(" and ")}`)}for(let s of t){let i=e[s];if(!(typeof i=="number"&&Number.isFinite(i)&&i>=0))throw new b(`${r}: expected a weight of 0 or more for ${s}, found ${i}`)}if(t.every(s=>e[s]===0))throw new b(`${r}: expected a weight above 0 for one task or more, found 0 for all`);return t.map(s=>e[s])}var bo={id:"fixed",name:"fixed",text:"Weights given by hand: --lambda task=x,\u2026 or --weights FILE, a weights.json.",formula:"\u03BB_i = x_i",symbols:"x_i: what was given for task i",source:"\u2013",needs:"nothing",constant:!0,look:{color:"ink",mark:"diamond",dash:"dot"},balancer({weights:e}){if(e===void 0)throw new b("fixed: expected weights, one a task, found none");return K(bo.id,e)},models(e){let{lambda:t}=e.settings;if(t===void 0)throw new b("--methods fixed: expected task weights with it, found none; give --lambda task=x,\u2026 or --weights FILE");yn(e,bo.id,n_(t,e.tasks,"--lambda, --weights"))}};function o_(e,t={}){let{from:r=100,to:n=199}=t;if(!Number.isInteger(r)||!Number.isInteger(n)||r<1||n<r)throw new b(`igbv1: expected the base's first and last step, from 1 on, found ${r} and ${n}`);let o=new Array(e).fill(0),s=new Array(e).fill(0),i=new Array(e).fill(null),a=0;return{name:ki.id,weights(){return a<n?o.map(()=>1):ae(i.map((c,u)=>s_(c,o[u],s[u])),1)},observe({step:c,taskLoss:u}){a=c;for(let[f,l]of u.entries())l!==null&&(i[f]=l,!(c<r||c>n)&&(o[f]+=l,s[f]++))}}}function s_(e,t,r){return e===null||r===0||t===0?1:e/(t/r)}var ki={id:"igbv1",name:"IGBv1",text:"Improvable gap balancing: a task weighs the more, the less of its loss is gone.",formula:"\u03BB = K \xB7 softmax(L / base)",symbols:"K: tasks; L_i: loss of task i; base_i: its mean over steps 100 to 199, all weights are 1 before",source:"arXiv 2307.15429; a baseline of arXiv 2403.04343",needs:"nothing",constant:!1,equalSteps:200,look:{color:"ink",mark:"square-open",dash:"dashdot"},balancer:({tasks:e})=>o_(e)};function i_(e){let t=e.map(o=>o>0?1/o:0),r=t.reduce((o,s)=>o+s,0),n=e.filter(o=>o>0).length;return t.map(o=>n*o/r)}var Ei={id:"inverse-size",name:"inverse size",text:"The fewer samples a task has, the more each of them weighs.",formula:"\u03BB_i = N \xB7 (1/n_i) / \u03A3_j (1/n_j)",symbols:"n_i: training conversations of task i; N: tasks",source:"inverse frequency weighting, applied to tasks",needs:"nothing",constant:!0,look:{color:"ink",mark:"circle",dash:"dash"},balancer:({samples:e})=>K(Ei.id,i_(e))};function kn(e,t=Oe){let r=e.findIndex(l=>!(l>0)||!Number.isFinite(l));if(r>=0)throw new b(`weight of task ${r+1}: expected a number above 0, found ${e[r]}`);let[n,o]=t,s=l=>e.map(d=>Math.min(o,Math.max(n,l*d))),i=l=>l.reduce((d,p)=>d+p,0),a=e.length/i(e),c=s(a);if(c.every((l,d)=>l===a*e[d]))return c;let[u,f]=[n/Math.max(...e),o/Math.min(...e)];for(let l=0;l<100;l++){let d=(u+f)/2;i(s(d))<e.length?u=d:f=d}return s(f)}function yo(e,t){return Array.from({length:e},(r,n)=>(n===t?2:1)*e/(e+1))}function kr(e,t){let[r,n]=Oe.map(Math.log);return kn(Array.from({length:e},()=>Math.exp(r+(n-r)*t.next())))}function Ut(e){let t=e.map(Math.log),r=t.reduce((n,o)=>n+o,0)/t.length;return t.map(n=>n-r)}function vo(e){let t=e.length,r=e.map(()=>new Array(t).fill(0));for(let n=0;n<t;n++)for(let o=n;o<t;o++){let s=e[o][n];for(let i=0;i<n;i++)s-=r[o][i]*r[n][i];o===n?r[o][n]=s>1e-12*e[n][n]?Math.sqrt(s):0:r[o][n]=r[n][n]===0?0:s/r[n][n]}return r}function Si(e,t){let r=[];for(let[n,o]of e.entries()){let s=t[n];for(let i=0;i<n;i++)s-=o[i]*r[i];r.push(s/o[n])}return r}var a_=[.5,1,2,4],c_=[0,.25,1,4,16,64,256,1024],u_=[1,2,4,8],l_=.001;function ku(e,t,r){if(e.length===0||e.length!==t.length)throw new b(`expected one score or more, one a point, found ${t.length} and ${e.length} points`);if(![...e.flat(),...t,r].every(Number.isFinite))throw new b("expected finite points, scores and noise");let n=Math.max(l_,r),o=4*(n+t.reduce((u,f)=>u+f*f,0)/t.length),s=f_(e,t,n,o),i=({signal:u,length:f},l,d)=>o+Eu(u,f,l,d),a=u=>s.map(f=>{let l=e.map(g=>u.reduce((m,[w,_])=>m+w*i(f,_,g),0)),d=Si(f.lower,l),p=0;for(let[g,m]of u)for(let[w,_]of u)p+=g*w*i(f,m,_);for(let g of d)p-=g*g;let h=d.reduce((g,m,w)=>g+m*f.solved[w],0);return{share:f.share,mean:h,variance:Math.max(0,p)}}),c=u=>{let f=u.reduce((d,p)=>d+p.share*p.mean,0),l=u.reduce((d,p)=>d+p.share*(p.variance+(p.mean-f)**2),0);return{mean:f,deviation:Math.sqrt(l)}};return{at:u=>c(a([[1,u]])),difference:(u,f)=>c(a([[1,u],[-1,f]])),improvement:(u,f)=>a([[1,u]]).reduce((l,{share:d,mean:p,variance:h})=>l+d*d_({mean:p,deviation:Math.sqrt(h)},f),0)}}function Eu(e,t,r,n){if(e===0)return 0;let o=r.reduce((s,i,a)=>s+(i-n[a])**2,0);return e*Math.exp(-o/(2*t*t))}function f_(e,t,r,n){let o=[];for(let c of u_)for(let u of c_)for(let f of a_){let l=u*r,d=vo(e.map((g,m)=>e.map((w,_)=>n+Eu(l,f,g,w)+(m===_?c*r:0)))),p=Si(d,t),h=-p.reduce((g,m)=>g+m*m,0)/2-d.reduce((g,m,w)=>g+Math.log(m[w]),0);o.push({length:f,signal:l,lower:d,solved:p,evidence:h,share:0})}let s=Math.max(...o.map(({evidence:c})=>c));for(let c of o)c.share=Math.exp(c.evidence-s);let i=o.filter(({share:c})=>c>1e-4),a=i.reduce((c,{share:u})=>c+u,0);for(let c of i)c.share/=a;return i}function d_({mean:e,deviation:t},r){let n=e-r;if(t===0)return Math.max(0,n);let o=n/t,s=Math.exp(-o*o/2)/Math.sqrt(2*Math.PI);return Math.max(0,n*p_(o)+t*s)}function p_(e){let t=1/(1+.2316419*Math.abs(e)),n=t*(.31938153+t*(-.356563782+t*(1.781477937+t*(-1.821255978+t*1.330274429))))*Math.exp(-e*e/2)/Math.sqrt(2*Math.PI);return e>=0?1-n:n}function ce(e){return e.reduce((t,r)=>t+r,0)/e.length}var h_=512;function Su(e){let t=e.flatMap(({tried:s})=>s),r=e.flatMap(({tried:s})=>s.map(({scores:i})=>ce(i)-ce(s[0].scores))),n=e.flatMap(({tried:s})=>s.slice(1).map(({errors:i})=>i.reduce((a,c)=>a+c*c,0)/i.length**2)),o=n.length===0?0:ce(n)/2;return{surface:ku(t.map(({lambda:s})=>Ut(s)),r,o),trials:t,gains:r}}function Au(e,t){let r={index:0,mean:-1/0};for(let[n,{lambda:o}]of t.entries()){let{mean:s}=e.at(Ut(o));s>r.mean&&(r={index:n,mean:s})}return r}function xo(e,t){let r=e.tasks.length,{surface:n,trials:o}=Su([e]),{index:s,mean:i}=Au(n,o),a=o[s].lambda,[c,u]=Oe,f={lambda:a,improvement:-1};for(let l=0;l<h_;l++){let d=l%2===0?kr(r,t):kn(a.map(h=>Math.min(u,Math.max(c,h*Math.exp(.25*t.normal()))))),p=n.improvement(Ut(d),i);p>f.improvement&&(f={lambda:d,improvement:p})}return f}function $o(e){let{surface:t,trials:r,gains:n}=Su(e),o=Ut(r[0].lambda),{index:s}=Au(t,r),{lambda:i}=r[s],a=t.difference(Ut(i),o),c=e.flatMap(({seed:u,tried:f})=>f.map(()=>u));return{lambda:[...i],gain:a.mean,gainError:a.deviation,tried:r.map((u,f)=>({seed:c[f],lambda:u.lambda,scored:n[f],expected:t.difference(Ut(u.lambda),o).mean}))}}function Er(e,t,r){return new J(t).fork(`${e}/trial-${r}`)}var Sr={id:"stl",name:"STL",text:"Single-task learning: a model a task, each tuned on that task alone.",formula:"L = L_i",symbols:"L_i: mean loss an answer token of task i, in the model of task i",source:"the base of arXiv 2403.04343",needs:"own models",constant:!0,look:{color:"green",mark:"square",dash:"dot"},asBase:"\u0394I and \u0394E are taken against STL: every task tuned alone, as in the paper.",balancer:({tasks:e})=>K(Sr.id,Array.from({length:e},()=>1)),models(e){let t=e.tasks.map(r=>e.tune(Ai(e,r)));e.join(`methods/${Sr.id}`,t)}};function Ai(e,t){return{folder:`methods/${Sr.id}/${e.folderOf(t)}`,data:{[t]:"all"},split:"test",tasks:[t],weighting:{method:Sr.id}}}var m_=12,Ft={id:"merge",name:"Merge",text:"Models of single tasks, averaged by weights, are scored; the best weights tune one model.",formula:"\u03BB = N \xB7 argmax_p mean_j V_j(\u03B8_0 + \u03A3_i p_i \xB7 (\u03B8_i \u2212 \u03B8_0))",symbols:"p: shares of the merge; \u03B8_0, \u03B8_i: the base, and the model of task i; V_j: validation score of task j",source:"arXiv 2602.04937",needs:"own models",constant:!0,look:{color:"orange",mark:"triangle-down",dash:"dash"},balancer({weights:e}){if(e===void 0)throw new b("merge: expected weights, one a task, found none");return K(Ft.id,e)},measure(e){let t=e.tasks.map(a=>{let c=Ai(e,a);return e.tune({...c,keep:!0}),c.folder}),r=[],n=a=>`probes/merge/${String(a+1).padStart(2,"0")}`,o=a=>{let c=e.merge({models:t,folder:n(r.length),weights:a,split:"val"});r.push({weights:a,scores:c})},s=e.settings.mergeBudget??m_,i=Math.floor(s/4);for(let a of g_(e,s-i))o(a);for(let a=0;a<i;a++)o(e.propose({method:Ft.id,folder:n(r.length),tried:r}));return e.weigh({method:Ft.id,folder:"probes/merge",scores:{base:e.scoreBase("val")},tried:r,table:"merge-trials.json",weights:"merge.json"})},propose(e){let t=Er(Ft.id,e.seed,e.tried.length);return{tasks:e.tasks,...xo(e,t),warnings:[]}},weigh(e){let t=e,{tasks:r}=t[0],n=r.filter((s,i)=>t.every(({base:a,tried:c})=>ce(c.map(({scores:u})=>u[i]-a[i]))<1)),o=n.length===0?[]:[`merge: merged models answer ${n.join(", ")} no better than the untuned base, so these tasks had no say in the weights: shares this small undo what their own models learnt.`];return{tasks:r,...$o(t),warnings:o}}};function g_(e,t){let r=e.tasks.length;return Array.from({length:t},(n,o)=>o===0?Array.from({length:r},()=>1):o<=r?yo(r,o-1):kr(r,Er(Ft.id,e.seed,o)))}var En=1.96;function Oi(e){let t=fo(e),{mini:r,plus:n}=t,o=r.map((v,A)=>A),s=t.blank??o.map(()=>0),i=o.map(v=>n[v][v]),a=(v,A)=>w_(e,v,A),c=o.map(v=>i[v]-r[v]),u=o.map(v=>Math.sqrt(a(v,new Map([[1+v,1],[0,-1]])))),f=o.length+1,l=o.map(v=>i[v]-s[v]),d=(v,A)=>[[1+v,A],...x(-A)],p=o.map(v=>Math.sqrt(a(v,new Map(d(v,1))))),{matrix:h}=_r(r,n,u.map(v=>En*v)),g=h.map((v,A)=>v.map((I,M)=>I===null?0:a(M,Ou([[1+A,1],[0,-1+I],[1+M,-I]]))/c[M]**2)),m=br(h.flat(),g.flat()),w=h.map((v,A)=>v.map((I,M)=>m.values[A*o.length+M])),_=h.map((v,A)=>v.map((I,M)=>m.own[A*o.length+M])),y=bt(r,i,s).map((v,A)=>l[A]>En*p[A]?v:null),E=y.map((v,A)=>v===null?0:a(A,Ou([[1+A,1],[0,-1],...d(A,-v)]))/l[A]**2);return{scores:t,ownGain:c,ownGainError:u,learnt:l,learntError:p,raw:h,contribution:w,contributionOwn:_,contributionOut:xt(w),contributionIn:$t(w),rawDifficulty:y,difficulty:br(y,E)};function x(v){return e.blank?[[f,v]]:[]}}function Ou(e){let t=new Map;for(let[r,n]of e)t.set(r,(t.get(r)??0)+n);return t}function w_(e,t,r){let n=e.columns[t],o=n[0].map((s,i)=>{let a=new Float64Array(s.length);for(let[c,u]of r){let f=n[c][i];for(let l=0;l<a.length;l++)a[l]+=u*f[l]}return a});return gn(o).total}function Tu(e,t,r,n){let o=[];e.draws===1&&o.push("The probes were tuned once: standard errors know of the questions alone, not of the luck of subsets and order. Three draws (--probe-seeds 3) or more would show it."),e.blank||o.push("No model was asked with blank images: the difficulties count from 0.");let{mini:s,blank:i}=t.scores;return e.tasks.forEach((a,c)=>{let u=f=>Number.isFinite(f)?oe(f):"unknown (one question)";e.tasks.length>1&&t.raw.every(f=>f[c]===null)&&o.push(`${a}: its own gain is ${oe(t.ownGain[c])} points with a standard error of ${u(t.ownGainError[c])}, not above ${En} of them: the contributions into it are undefined and left out of the means.`),t.rawDifficulty[c]===null?o.push(`${a}: with its own data it scores ${oe(t.learnt[c])} points above blank images, with a standard error of ${u(t.learntError[c])}, not above ${En} of them: its difficulty is undefined; the task gets weight 1 in that part.`):i!==void 0&&s[c]<i[c]&&o.push(`${a}: V(mini) is ${oe(s[c])}, below the ${oe(i[c])} of blank images, and counts as that.`)}),r>n&&o.push(`The temperature was raised from ${oe(n)} to ${oe(r)}, the lowest that keeps every weight in the band.`),o}function Ti(e,t={}){let r={...t.alpha??wi};pn(r);let n=typeof t.temperature=="number"?t.temperature:hn,o=Oi(e),s={out:o.contributionOut,in:o.contributionIn,difficulty:o.difficulty.values},i=Math.max(n,co(s,r)),a=vt(s,r,i),c=[...e.tasks],u=new Set(c.flatMap((f,l)=>o.raw.some((d,p)=>p!==l&&d[l]===null)?[l]:[]));return{tasks:c,temperature:i,alpha:r,contribution:o.contribution,contributionOut:o.contributionOut,contributionIn:o.contributionIn,difficulty:o.difficulty.values,lambdaOut:a.out,lambdaIn:a.in,lambdaDifficulty:a.difficulty,lambda:a.lambda,warnings:[...Tu(e,o,i,n),...mn(c,{contributionOut:o.contributionOut,contributionIn:o.contributionIn,difficulty:o.rawDifficulty.map(f=>f??0)},u),...qt(c,a.lambda,i,!0)],scores:o.scores,draws:e.draws,ownGain:o.ownGain,ownGainError:o.ownGainError.map(f=>Number.isFinite(f)?f:null),rawContribution:o.raw,contributionOwn:o.contributionOwn,rawDifficulty:o.rawDifficulty,difficultyOwn:o.difficulty.own}}function Mu(e,t={},r){let n=Oi(e),{lambda:o,temperature:s,alpha:i}=Ti(e,t),a={contribution:n.contribution,contributionOut:n.contributionOut,contributionIn:n.contributionIn,difficulty:n.difficulty.values,lambda:o},c=_n(e,u=>__(u,n,i,s),r);return bn(c,a)}function __(e,t,r,n){let{mini:o,plus:s,blank:i}=e,a=(p,h,g,m)=>p===null||m===null?null:p+Math.sqrt(h)*(m-g),c=t.raw.map((p,h)=>p.map((g,m)=>{let w=s[m][m]-o[m],_=g===null||w<=0?null:(s[h][m]-o[m])/w;return a(t.contribution[h][m],t.contributionOwn[h][m],g,_)})),u=t.rawDifficulty.map((p,h)=>{let g=s[h][h]-(i?.[h]??0),m=p===null||g<=0?null:1-Math.max(0,o[h]-(i?.[h]??0))/g;return a(t.difficulty.values[h],t.difficulty.own[h],p,m)}),f=xt(c),l=$t(c),{lambda:d}=vt({out:f,in:l,difficulty:u},r,n);return{contribution:c,contributionOut:f,contributionIn:l,difficulty:u,lambda:d}}var b_=3,y_=2**20,Xe={id:"noise-aware",name:"noise-aware (not the paper\u2019s)",text:"CoTBal changed by us: probes of several draws, blank-image scores subtracted, unclear values left out, the rest shrunk by their noise.",formula:"\u03BB = \u03B1_out\xB7\u03BB_out + \u03B1_in\xB7\u03BB_in + \u03B1_D\xB7\u03BB_D",symbols:"\u03BB_out, \u03BB_in, \u03BB_D: of means over draws, shrunk by their noise, at a temperature of at least 0.5",source:"this package; equations 3 to 8 of arXiv 2403.04343, Morris (1983)",needs:"probes",constant:!0,look:{color:"vermillion",mark:"circle-open",dash:"dot"},balancer({weights:e}){if(e===void 0)throw new b(`${Xe.id}: expected weights, one a task, found none`);return K(Xe.id,e)},measure(e){let t={base:e.scoreBase("val")};for(let r=1;r<=(e.settings.probeSeeds??b_);r++){let n=r===1?{at:"probes",keep:!0}:{at:`probes/draw-${r}`,keep:!0,drawSeed:e.seed+y_*(r-1)},o=xr(e,n);t[yr("mini",r)]=o,t[yr("plus",r)]=$r(e,o,n),t[yr("blank",r)]=e.scoreBlank(`${n.at}/mini`)}return e.weigh({method:Xe.id,folder:`methods/${Xe.id}/weights`,scores:t,table:`methods/${Xe.id}/validation.json`,weights:`methods/${Xe.id}/weights.json`,intervals:`methods/${Xe.id}/intervals.json`})},weigh:(e,t,r)=>Ti(Nu(e,r),Cu(t)),intervals:(e,t,r)=>Mu(Nu(e,r),Cu(t))};function Nu(e,t){if(t===void 0||t.length===0)throw new b(`${Xe.id}: expected the points of single questions beside the scores, found none`);return po(e[0].tasks,t.flatMap(ho))}function Cu({temperature:e,alpha:t}){return{...e!==void 0&&{temperature:e},...t&&{alpha:t}}}function v_(e,t){let r=new J(t).fork("rlw");return{name:Mi.id,weights(n){let o=r.fork(`${n}`);return ae(Array.from({length:e},()=>o.normal()),1)},observe(){}}}var Mi={id:"rlw",name:"RLW",text:"Random loss weighting: every step draws its weights.",formula:"\u03BB = K \xB7 softmax(x)",symbols:"K: tasks; x_i: drawn from N(0, 1), again every step",source:"arXiv 2111.10603; a baseline of arXiv 2403.04343",needs:"nothing",constant:!1,look:{color:"orange",mark:"circle-open",dash:"dot"},balancer:({tasks:e,seed:t})=>v_(e,t)};var x_=8,At={id:"search",name:"Search",text:"Weights are tried in full tunings, each chosen from the scores before; the best tune the model.",formula:"\u03BB = argmax_\u03BB E[mean_j V_j(\u03BB)]",symbols:"V_j: validation score of task j after a tuning with \u03BB; E: mean of the surface through all scores",source:"Bayesian optimisation, arXiv 1206.2944",needs:"own models",constant:!0,look:{color:"ink",mark:"cross",dash:"dashdot"},balancer({weights:e}){if(e===void 0)throw new b("search: expected weights, one a task, found none");return K(At.id,e)},measure(e){let t=[wo(e)],r=e.settings.searchBudget??x_;for(let n=1;n<=r;n++){let o=`probes/search/${String(n).padStart(2,"0")}`,s=n<=Math.ceil(r/2)?kr(e.tasks.length,Er(At.id,e.seed,n)):e.propose({method:At.id,folder:o,tried:t}),i=e.tune({folder:o,data:ke(e.tasks,"all"),split:"val",weighting:{method:At.id,weights:s}});t.push({weights:s,scores:i})}return e.weigh({method:At.id,folder:"probes/search",scores:{},tried:t,table:"search-trials.json",weights:"search.json"})},propose(e){let t=Er(At.id,e.seed,e.tried.length);return{tasks:e.tasks,...xo(e,t),warnings:[]}},weigh(e){let t=e,r=$o(t),n=r.gain<=r.gainError?["search: no weights that were tried are clearly better than equal ones."]:[];return{tasks:t[0].tasks,...r,warnings:n}}};var Iu=1e3;function Lu(e){let t=e[0].tasks.length,r=e.map($_),n=x=>Array.from({length:t},(v,A)=>Array.from({length:t},(I,M)=>x(A,M))),o=n((x,v)=>ce(r.map(A=>A[x][v]))),s=n((x,v)=>ce(e.map(({tried:A})=>A[x+1].errors[v]/Math.log(2)))),i=e.length,a=i===1?null:n((x,v)=>Math.sqrt(Bu(r.map(A=>A[x][v]))/i)),c=o.map(ce),u=r.map(x=>x.map(ce)),f=k_(e,u),l=Ru(c),d=(x,v)=>x.reduce((A,I,M)=>A+I*(v[M]-1),0),p=l.map(x=>x-1),h=S_(f,p),g=Pu(c),m=f.reduce((x,v,A)=>x+v[A]-ce(v),0),w=g.reduce((x,v)=>x+v*v,0),_=w===0?0:Math.max(0,1-m/w),y=Math.max(...g.map(Math.abs)),E=_===0?g.map(()=>1):kn(g.map(x=>Math.exp(_*Math.log(2)*x/y)));return{sensitivity:o,questionErrors:s,seedErrors:a,gradient:c,gradientErrors:f.map((x,v)=>Math.sqrt(x[v])),gain:d(c,l),gainError:Math.sqrt(Math.max(0,h)),gainByNoise:E_(f,x=>d(x,Ru(x))),steepest:l,trust:_,lambda:E}}function $_({tried:e}){let[t,...r]=e;return r.map(({scores:n})=>n.map((o,s)=>(o-t.scores[s])/Math.log(2)))}function k_(e,t){let r=e[0].tasks.length,n=e.length,o=Array.from({length:r},(a,c)=>Array.from({length:r},(u,f)=>ce(e.map(({covariance:l})=>l[c+1][f+1]))/Math.log(2)**2)),s=t.map(Pu),i=n===1?Math.max(0,ce(t[0])**2-ce(o.map(ce)))/(1+1/r):ce(Array.from({length:r},(a,c)=>Bu(s.map(u=>u[c]))))*r/(r-1)/n;return o.map((a,c)=>a.map((u,f)=>u+(c===f?2:1)*i))}function Ru(e){let t=e.length,[r,n]=Oe,o=e.map(()=>r),s=t*(1-r),i=e.map((a,c)=>c).sort((a,c)=>e[c]-e[a]||a-c);for(let a of i){let c=Math.min(n-r,s);o[a]+=c,s-=c}return e.every(a=>a===e[0])?e.map(()=>1):o}function E_(e,t){let r=vo(e),n=new J("gain by noise"),o=0;for(let s=0;s<Iu;s++){let i=r.map(()=>n.normal());o+=t(r.map(a=>a.reduce((c,u,f)=>c+u*i[f],0)))}return o/Iu}function Pu(e){let t=ce(e);return e.map(r=>r-t)}function Bu(e){let t=ce(e);return e.reduce((r,n)=>r+(n-t)**2,0)/(e.length-1)}function S_(e,t){return e.reduce((r,n,o)=>r+t[o]*n.reduce((s,i,a)=>s+i*t[a],0),0)}var A_="sensitivity.json",Sn={id:"sensitivity",name:"Sensitivity",text:"Each task\u2019s weight is doubled in turn; weights go where the mean score rises, shrunk by its error.",formula:"log \u03BB_i \u221D \u03A3_j (V_j(2 \xB7 \u03BB_i) \u2212 V_j(1))",symbols:"V_j(2 \xB7 \u03BB_i): validation score of task j with the weight of task i doubled; V_j(1): with equal weights",source:"finite differences; shrinkage by James and Stein, 1961",needs:"own models",constant:!0,look:{color:"sky",mark:"circle-open",dash:"dot"},balancer({weights:e}){if(e===void 0)throw new b("sensitivity: expected weights, one a task, found none");return K(Sn.id,e)},measure(e){let t=wo(e),r=e.tasks.map((n,o)=>{let s=yo(e.tasks.length,o),i=e.tune({folder:`probes/double/${e.folderOf(n)}`,data:ke(e.tasks,"all"),split:"val",weighting:{method:Sn.id,weights:s}});return{weights:s,scores:i}});return e.weigh({method:Sn.id,folder:"probes/sensitivity",scores:{},tried:[t,...r],table:"sensitivity-trials.json",weights:A_})},weigh(e){let t=e,r=Lu(t),n=[];return t.length===1&&n.push("sensitivity: with one seed the errors are those of the validation questions, and of the training only what moves all doublings alike; several seeds tell more."),r.gain<=r.gainByNoise+r.gainError&&n.push("sensitivity: what weights can gain here is not clearly more than noise."),{tasks:t[0].tasks,...r,warnings:n}}};function O_(e){return{name:Ni.id,weights(t,r){if(r===void 0||r.length!==e)throw new b(`tla, step ${t}: expected the step's answer tokens, one number a task (${e}), found ${r===void 0?"none":r.length}`);let n=r.filter(s=>s>0).length;if(n===0)throw new b(`tla, step ${t}: expected answer tokens, found none`);let o=r.reduce((s,i)=>s+i,0);return r.map(s=>s>0?o/(n*s):0)},observe(){}}}var Ni={id:"tla",name:"TLA",text:"Task-level averaging: every task present in a step weighs the same.",formula:"\u03BB_i = n / (K \xB7 n_i)",symbols:"n_i, n: answer tokens of task i and of all tasks in the step; K: tasks present in it",source:"a baseline of arXiv 2403.04343",needs:"nothing",constant:!1,look:{color:"purple",mark:"triangle-up",dash:"dashdot"},balancer:({tasks:e})=>O_(e)};var T_=1e-8;function M_(e,{rate:t=.025}={}){let r=new Array(e).fill(0),n=r.map(()=>_o(t));return{name:Ci.id,weights:()=>ae(r.map(o=>-o),1),observe({taskLoss:o}){for(let[s,i]of o.entries())i!==null&&(r[s]-=n[s](.5*(1-Math.exp(-r[s])*Math.max(i,T_))))}}}var Ci={id:"uw",name:"UW",text:"Uncertainty weighting: every task has a noise that is learnt; the noisier it is, the less it weighs.",formula:"L = \u03A3_i \xBD\xB7exp(\u2212s_i)\xB7L_i + \xBD\xB7s_i",symbols:"s_i: log of the noise of task i, learnt; \u03BB_i = K\xB7exp(\u2212s_i) / \u03A3_j exp(\u2212s_j), K: tasks",source:"arXiv 1705.07115",needs:"nothing",constant:!1,equalSteps:20,look:{color:"orange",mark:"diamond-open",dash:"dash"},balancer:({tasks:e})=>M_(e)};var Ii=[Sr,St,xn,$n,Ni,Mi,xi,ki,Ci,$i,hi,Ei,bo,Et,vn,Dt,Wt,Xe,Ft,Sn,At],CT=[St.id,Et.id];function ju(e,t=Ii){return t.find(r=>r.id===e)}var N_={name:"base, untuned",color:"@grey",mark:"square-open",dash:"dot"},zu=[{color:"orange",mark:"triangle-down",dash:"dash"},{color:"sky",mark:"cross",dash:"dot"},{color:"ink",mark:"circle-open",dash:"dashdot"},{color:"purple",mark:"diamond-open",dash:"dot"},{color:"orange",mark:"triangle-up-open",dash:"solid"}];function Li(e,t=Ii){let r=new Map([["base",N_]]),n=0;for(let o of e){if(r.has(o))continue;let s=ju(o,t),{color:i,mark:a,dash:c}=s?.look??zu[n++%zu.length];r.set(o,{name:s?.name??(o.length<=4?o.toUpperCase():o),color:`@${i}`,mark:a,dash:c})}return r}function Pi(e,t){return e.get(t)??{name:t,color:"@grey",mark:"cross",dash:"dot"}}function Fu(e){let t=`color:var(--${e.color.slice(1)})`;if("area"in e)return Ri(t,q`<rect x="0" y="2" width="22" height="10" fill="currentColor" />`);if("mark"in e){let n=e.mark.endsWith("-open")?q`fill="none" stroke="currentColor" stroke-width="2"`:q`fill="currentColor"`;return Ri(t,q`<path d="${C_[e.mark]}" ${n} />`)}let r={solid:"",dash:"6 3",dot:"2 3",dashdot:"7 3 2 3"}[e.dash];return Ri(t,q`<path d="M0 7H22" stroke="currentColor" stroke-width="2.5" stroke-dasharray="${r}" />`)}function Ri(e,t){return q`
    <svg class="swatch" style="${e}" viewBox="0 0 22 14" width="22" height="14"
      aria-hidden="true">${t}</svg>
  `}var qu="M6 7a5 5 0 1 0 10 0a5 5 0 1 0-10 0",Du="M6.5 2.5h9v9h-9z",Wu="M11 1l6 6l-6 6l-6-6z",Uu="M11 1.5l6 10.5h-12z",C_={circle:qu,diamond:Wu,square:Du,"triangle-up":Uu,"triangle-down":"M11 12.5l6-10.5h-12z",cross:"M9 2h4v3h3v4h-3v3h-4v-3h-3v-4h3z","circle-open":qu,"square-open":Du,"diamond-open":Wu,"triangle-up-open":Uu,"x-thin-open":"M7 3l8 8M15 3l-8 8","line-ns-open":"M11 1v12"};var Ku="\u2013";function Ar(e){return typeof e=="number"&&Number.isFinite(e)}function Ie(e,t=1){if(!Ar(e))return Ku;let r=Math.abs(e).toFixed(t);return(e<0&&Number(r)!==0?"\u2212":"")+r}function ct(e){return Ar(e)?String(Math.round(e)).replace(/\B(?=(\d{3})+$)/g,","):Ku}function Bi(e,t,r=t+"s"){return`${ct(e)} ${e===1?t:r}`}function ko(e){return e.length<2?e[0]??"":`${e.slice(0,-1).join(", ")} and ${e[e.length-1]}`}function Gu(e,t){return q`
    <figure id="${e}" aria-labelledby="${e}-caption">${t.controls}${t.legend}${t.body}
    <figcaption id="${e}-caption">${t.caption}</figcaption>
    ${t.numbers&&q`<details><summary>The numbers</summary>${t.numbers}</details>`}</figure>
  `}var I_=128;function Hu(e,t,r,n,o){let s=r.filter(d=>d!=="base"&&t.answers[d]!==void 0),i=s.map(d=>t.answers[d]?.score??null),a=new Set(s.map(d=>t.answers[d]?.answer.trim())).size>1,c=t.metric!=="cider"&&i.some(Ar),u=[a&&"differ",c&&i.some(d=>Ar(d)&&d<100)&&"wrong",c&&i.every(d=>d===100)&&"right"].filter(Boolean).join(" "),f=t.metric==="iou",l=r.flatMap(d=>{let p=t.answers[d];return p===void 0?[]:[{...p,look:Pi(e.looks,d)}]});return q`
    <article class="sample" data-sample="${o}" data-task="${n}" data-kind="${u}">
      ${t.images.map((d,p)=>P_(e,t,d,p===0,r))}
      <div class="talk">
        <p class="where">${t.task}<span>${t.id}</span></p>
        ${t.before.map(d=>q`<p class="before">${d.question} <b>${d.answer}</b></p>`)}
        <p class="question">${t.question}</p>
        <p class="truth">${f&&Vu("@ink",!0)}<b>${t.truth}</b></p>
      </div>
      <table class="answers">
        <tbody>
          ${l.map(({answer:d,score:p,look:h})=>q`
              <tr>
                <th scope="row">${f?Vu(h.color,!1):Fu(h)}${h.name}</th>
                <td>${d.trim()===""?q`<i>nothing</i>`:d}</td>
                <td>${R_(p,t.metric)}</td>
              </tr>
            `)}
        </tbody>
      </table>
    </article>
  `}function R_(e,t){return Ar(e)?t==="cider"?q`<span class="mark partly">${Ie(e,0)}</span>`:e>=100?q`<span class="mark right">✓ right</span>`:e<=0?q`<span class="mark wrong">✗ wrong</span>`:q`<span class="mark partly">◐ ${Ie(e,0)}</span>`:null}function Vu(e,t){return q`
    <svg class="swatch" style="color:var(--${e.slice(1)})" viewBox="0 0 22 14" width="22" height="14"
      aria-hidden="true">
      <rect x="4" y="2" width="14" height="10" fill="none" stroke="currentColor" stroke-width="2" ${st("stroke-dasharray",t&&"3 2")} />
    </svg>
  `}function L_(e,t,r){let n=(s,i)=>{let a=mr(s);return a===null?[]:[{box:a,color:"@ink",dashed:!0,name:i}]};if(t.metric!=="iou")return n(t.question,"the box in question");if(t.box!==void 0&&(t.box.scale!==1||t.box.form!=="xyxy"))return[];let o=r.flatMap(s=>{let i=mr(t.answers[s]?.answer??""),{color:a,name:c}=Pi(e.looks,s);return i===null?[]:[{box:i,color:a,dashed:!1,name:c}]});return[...n(t.truth,"truth"),...o]}function P_(e,t,r,n,o){let s=n?L_(e,t,o):[],i=s.length===0?"":`, with boxes: ${s.map(l=>l.name).join(", ")}`,a=s.map(({box:l},d)=>s.slice(0,d).filter(p=>j_(l,p.box)).length),c=st("data-small",r.size<=I_),u=r.size,f=`Image of sample ${t.id}${i}`;return q`
    <div class="picture" ${c}>
      <img src="${B_(r.url)}" width="${u}" height="${u}" alt="${f}" decoding="async">
      ${s.length>0&&q`<svg viewBox="0 0 1 1" aria-hidden="true">${s.map((l,d)=>z_(l,a[d]??0))}</svg>`}
    </div>
  `}function B_(e){return/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/=]*$/.test(e)?e:"data:,"}function j_(e,t){return e.every((r,n)=>Math.abs(r-(t[n]??NaN))<.02)}function z_({box:[e,t,r,n],color:o,dashed:s},i){let a=.022*i,c=q`x="${e-a}" y="${t-a}" width="${r-e+2*a}" height="${n-t+2*a}"`,u=`stroke:var(--on-image-${o.slice(1)})`;return q`
    <rect ${c} class="halo" />
    <rect ${c} style="${u}" ${st("class",s&&"dashed")} />
  `}var Ot=new Map([["base",{...Li([]).get("base"),name:"before training"}],["equal",{name:"equal weights",color:"@ink",mark:"circle-open",dash:"solid"}],["yours",{name:"your weights",color:"@blue",mark:"circle",dash:"solid"}]]);function Eo(e){return e.every(t=>t===e[0])}function Ju(e){let t=e.reduce((r,n)=>r+n,0)/e.length;return e.map(r=>r/t)}function ji(e,t,r){let n=new Map(r.map(o=>[`${o.task} ${o.id} ${o.turn}`,o]));for(let o of e){let s=n.get(`${o.task} ${o.id} ${o.turn}`);s===void 0?delete o.answers[t]:o.answers[t]={answer:s.answer,score:o.metric==="cider"?NaN:s.score}}}function Xu(e){let t=[...Ot.keys()];return q`${e.map((r,n)=>Hu({looks:Ot},r,t,"",n))}`}var zi=240,qi=100;function Yu(e,t,r,{end:n,none:o="not in this training"}={}){let s=t.map(({points:d,...p})=>({...p,points:d.flatMap(({step:h,loss:g})=>typeof g[r]=="number"?[{step:h,loss:g[r]}]:[])})).filter(({points:d})=>d.length>0),i=s.at(-1)?.points.at(-1);if(i===void 0)return q`
      <div>
        <p class="panel-title">${e}</p>
        <p class="none">${o}</p>
      </div>
    `;let a=Math.max(...s.flatMap(({points:d})=>d.map(({loss:p})=>p)),1e-6),c=n??Math.max(...t.map(({points:d})=>d.at(-1)?.step??0)),u=d=>c===0?0:d/c*zi,f=s.map(({points:d,thin:p})=>{let h=d.map(({step:g,loss:m})=>`${u(g).toFixed(1)},${((1-m/a)*(qi-2)+1).toFixed(1)}`);return h.length===1&&h.unshift(`0,${h[0].split(",")[1]}`),q`<polyline${st("class",p===!0&&"thin")} points="${h.join(" ")}" />`}),l=s.map(({points:d,name:p})=>{let h=d[0],g=d.at(-1);return`Loss of ${e}${p===void 0?"":`, ${p}`}: ${Ie(h.loss,2)} at step ${ct(h.step)}, ${Ie(g.loss,2)} at step ${ct(g.step)}.`});return q`
    <div>
      <p class="panel-title">${e} <span>${Ie(i.loss,2)}</span></p>
      <svg class="loss" viewBox="0 0 ${zi} ${qi}" preserveAspectRatio="none" role="img"
        aria-label="${l.join(" ")}">
        <path d="M0 ${qi-1}H${zi}" />
        ${f}
      </svg>
      <p class="ends" aria-hidden="true"><span>top ${Ie(a,2)}</span><span>step ${ct(c)}</span></p>
    </div>
  `}function Di(e,t,r,n={}){let o=a=>st("class",(a===0||n.text?.includes(a))&&"words"),s=a=>st("class",n.last===!0&&a===r.length-1&&"sum"),i=a=>a.map((c,u)=>u===0?q`
          <th scope="row" ${o(u)}>${c}</th>
        `:q`<td${o(u)}>${c}</td>`);return q`
    <p class="caption" aria-hidden="true">${e}</p>
    <div class="scroll" role="region" aria-label="${e}" tabindex="0">
      <table aria-label="${e}">
        <thead>
          <tr>${t.map((a,c)=>q`
              <th scope="col" ${o(c)}>${a}</th>
            `)}</tr>
        </thead>
        <tbody>
          ${r.map((a,c)=>q`<tr${s(c)}>${i(a)}</tr>\n`)}
        </tbody>
      </table>
    </div>
  `}var Wi=.005;function Qu(e,t){let r=t.filter(({points:a})=>a.length>0),n=r.length>1,o=Math.max(0,...r.map(({steps:a})=>a)),s=r.map(({name:a,points:c})=>({points:c,name:Ot.get(a).name,thin:a==="equal"&&n})),i=e.map((a,c)=>Yu(a,s,c,{end:o,none:"nothing is trained yet"}));return Gu("curves",{legend:n&&q`
      <ul class="legend">
        <li><span class="line thin" aria-hidden="true"></span>equal weights</li>
        <li><span class="line" aria-hidden="true"></span>your weights</li>
      </ul>
    `,body:q`<div class="panels">${i}</div>`,caption:q`<b>${q_(e,r)}</b> Loss of each task’s answers on ${"questions that are never trained on"}, in nats a token, not weighted; each vertical axis begins at 0.`,numbers:r.length>0&&D_(e,r)})}function q_(e,t){let r=t.at(-1)?.points.at(-1);if(r===void 0)return"Nothing is trained yet.";let{name:n,steps:o}=t.at(-1),s=`After ${Bi(r.step,"step")} of ${ct(o)}`,i=t.find(l=>l.name==="equal")?.points.find(({step:l})=>l===r.step);if(n==="equal"||i===void 0){let l=t.at(-1).points[0],d=e.filter((h,g)=>(r.loss[g]??0)<(l.loss[g]??0)-Wi),p=Ot.get(n).name;return r.step===0?`Training with ${p} begins.`:d.length===e.length?`${s} with ${p} the loss of every task has fallen.`:`${s} with ${p} the loss of ${ko(d)||"no task"} has fallen.`}if(r.step===0)return"Training with your weights begins where that with equal ones began.";let a=e.map((l,d)=>(r.loss[d]??NaN)-(i.loss[d]??NaN)),c=e.filter((l,d)=>a[d]<-Wi),u=e.filter((l,d)=>a[d]>Wi),f=[c.length>0&&`lower for ${ko(c)}`,u.length>0&&`higher for ${ko(u)}`].filter(l=>l!==!1);return`${s} the loss with your weights is ${f.length===0?"as with equal ones":`${f.join(", and ")}, than with equal ones`}.`}function D_(e,t){let r=t.flatMap(({name:a,points:c})=>{let{name:u}=Ot.get(a);return[{head:`${u}: step 0`,loss:c[0].loss},{head:`${u}: step ${ct(c.at(-1).step)}`,loss:c.at(-1).loss}]}),n=t.find(({name:a})=>a==="yours"),o=n!==void 0&&!Eo(n.weights),s=o?Ju(n.weights):[],i=t.flatMap(({name:a,points:c})=>c.map(({step:u,loss:f})=>[`${Ot.get(a).name}, step ${ct(u)}`,...f.map(l=>Ie(l,3))]));return q`${Di("Held-out losses at the beginning and now, in nats a token",["task",...o?["your \u03BB, mean 1"]:[],...r.map(({head:a})=>a)],e.map((a,c)=>[a,...o?[Ie(s[c],2)]:[],...r.map(({loss:u})=>Ie(u[c],3))]))}${Di("Held-out losses look by look, in nats a token",["training",...e],i)}`}var W_=1e3,re=e=>document.getElementById(`train-${e}`),So=e=>document.getElementById(e)?.textContent,An=e=>re("status").textContent=e;function Zu(){let{tasks:e,examples:t}=JSON.parse(So("play")),r=e.map((w,_)=>document.getElementById(`weight-${_}`)),n,o,s=[],i=()=>r.map(({value:w})=>Number(w));function a(){r.forEach(({value:E},x)=>document.getElementById(`weight-${x}-value`).value=Number(E).toFixed(2));let w=i().join(" "),y=[...re("preset").options].find(({dataset:E})=>E.weights?.split(" ").map(Number).join(" ")===w);re("own").hidden=y!==void 0,(y??re("own")).selected=!0,r[0].setCustomValidity(i().some(E=>E>0)?"":"Give one task a weight above 0.")}function c(){fi(re("curves"),Qu(e,s).text)}function u(w,_,y){re("progress").hidden=w===void 0,w!==void 0&&(re("doing").textContent=w,y===void 0?re("done").removeAttribute("value"):Object.assign(re("done"),{max:y,value:_}))}function f(w){clearTimeout(o),o=void 0,re("start").disabled=!1,re("stop").disabled=!0,u(),An(w)}function l(w){n?.terminate(),n=void 0,f(w)}let d={doing({what:w,done:_,of:y}){_===void 0&&An(`${w} \u2026`),u(w,_,y)},answers({of:w,answers:_}){ji(t,w,_),fi(document.getElementById("play-samples"),Xu(t).text)},step({run:w,log:_}){let{steps:y}=s.find(({name:E})=>E===w);u(`Step ${_.step} of ${y}, weighted loss of the step ${_.loss.toFixed(2)}`,_.step,y)},look({run:w,point:_}){s.find(({name:y})=>y===w).points.push(_),c()},done:()=>f("Trained. The curves and the answers below show what came of it."),stopped:({what:w})=>f(`Training ${w}.`),failed:({what:w,adapter:_})=>l(_?li:`Training failed: ${w}`)};function p(){let w=So("playing"),_=URL.createObjectURL(new Blob([w],{type:"text/javascript"}));n=new Worker(_,{type:"module",name:"training"}),URL.revokeObjectURL(_),n.addEventListener("message",({data:y})=>d[y.kind](y)),n.addEventListener("error",({message:y})=>l(`Training failed: ${y||"its worker did not start"}`))}function h(){let w={weights:i(),steps:Number(re("steps").value),seed:Number(re("seed").value)},_=s.find(({name:v,steps:A,seed:I,points:M})=>v==="equal"&&A===w.steps&&I===w.seed&&M.at(-1)?.step===A),y=[..._===void 0?[{name:"equal",...w,weights:e.map(()=>1)}]:[],...Eo(w.weights)?[]:[{name:"yours",...w}]];if(y.length===0)return An("Training with equal weights, this seed and as many steps is shown already.");s=[..._===void 0?[]:[_],...y.map(v=>({...v,points:[]}))];for(let{name:v}of y)ji(t,v,[]);c(),re("start").disabled=!0,re("stop").disabled=!1,An("Beginning \u2026");let E=n===void 0;E&&p();let x=E?{models:So("models"),data:So("play-data")}:{};n.postMessage({kind:"train",...x,runs:y})}function g(){n===void 0||o!==void 0||(An("Stopping \u2026"),n.postMessage({kind:"stop"}),o=setTimeout(()=>l("Training was stopped."),W_))}let m=Hc();if(m!==void 0){re("missing").textContent=m,re("missing").hidden=!1;return}re("form").hidden=!1,re("form").addEventListener("submit",w=>{w.preventDefault(),h()}),re("stop").addEventListener("click",g),re("preset").addEventListener("change",()=>{let w=re("preset").selectedOptions[0].dataset.weights.split(" ");r.forEach((_,y)=>_.value=w[y]),a()});for(let w of r)w.addEventListener("input",a);a()}function Te(e){return e.facts.isFallbackAdapter?"cpu":"gpu"}var el=`// Reductions over the eight invocations tx = 0 \u2026 7 that share own rows 4\xB7ty \u2026 of a tile.
var<workgroup> shared_rows: array<vec4f, 64>; // [tx, own rows / 4]

// The largest of their values and of \`least\`.
fn max_across(value: vec4f, least: vec4f, tx: u32, ty: u32) -> vec4f {
  shared_rows[tx * 8u + ty] = value;
  workgroupBarrier();
  var top = least;
  //#repeat t 8
  top = max(top, shared_rows[\${8 * t}u + ty]);
  //#end t
  return top;
}

fn sum_across(value: vec4f, tx: u32, ty: u32) -> vec4f {
  shared_rows[tx * 8u + ty] = value;
  workgroupBarrier();
  var sum = vec4f();
  //#repeat t 8
  sum += shared_rows[\${8 * t}u + ty];
  //#end t
  return sum;
}
`;var tl=`//#include activations
// The activation function that is asked for, and its derivative.
//#if GELU
fn activate(x: f32) -> f32 { return gelu(x); }
fn derivative(x: f32) -> f32 { return gelu_derivative(x); }
//#elif QUICK_GELU
fn activate(x: f32) -> f32 { return quick_gelu(x); }
fn derivative(x: f32) -> f32 { return quick_gelu_derivative(x); }
//#elif GELU_TANH
fn activate(x: f32) -> f32 { return gelu_tanh(x); }
fn derivative(x: f32) -> f32 { return gelu_tanh_derivative(x); }
//#elif SILU
fn activate(x: f32) -> f32 { return silu(x); }
fn derivative(x: f32) -> f32 { return silu_derivative(x); }
//#end GELU
`;var rl=`// The activation functions and their derivatives.

// erf by Abramowitz and Stegun 7.1.26: absolute error below 2e-7.
fn erf(x: f32) -> f32 {
  let t = 1.0 / fma(0.3275911, abs(x), 1.0);
  let poly = t * fma(t, fma(t, fma(t, fma(t, 1.061405429, -1.453152027), 1.421413741), -0.284496736), 0.254829592);
  let e = 1.0 - poly * exp(-x * x);
  return select(e, -e, x < 0.0);
}

fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(-x)); }

// GELU: x\xB7\u03A6(x) with the exact normal distribution.
fn gelu(x: f32) -> f32 { return 0.5 * x * (1.0 + erf(x * 0.70710678)); }
fn gelu_derivative(x: f32) -> f32 {
  return 0.5 * (1.0 + erf(x * 0.70710678)) + x * 0.39894228 * exp(-0.5 * x * x);
}

// quick-GELU: x\xB7sigmoid(1.702 x), CLIP's.
fn quick_gelu(x: f32) -> f32 { return x * sigmoid(1.702 * x); }
fn quick_gelu_derivative(x: f32) -> f32 {
  let s = sigmoid(1.702 * x);
  return s + 1.702 * x * s * (1.0 - s);
}

// GELU by tanh: x\xB7\xBD(1 + tanh u) = x\xB7sigmoid(2u), u = \u221A(2/\u03C0)\xB7(x + 0.044715 x\xB3); SigLIP's.
fn gelu_tanh_inner(x: f32) -> f32 { return 1.5957691 * x * fma(0.044715 * x, x, 1.0); }
fn gelu_tanh(x: f32) -> f32 { return x * sigmoid(gelu_tanh_inner(x)); }
fn gelu_tanh_derivative(x: f32) -> f32 {
  let s = sigmoid(gelu_tanh_inner(x));
  return s + 1.5957691 * x * s * (1.0 - s) * fma(0.134145 * x, x, 1.0);
}

// SiLU: x\xB7sigmoid(x).
fn silu(x: f32) -> f32 { return x * sigmoid(x); }
fn silu_derivative(x: f32) -> f32 {
  let s = sigmoid(x);
  return s + x * s * (1.0 - s);
}
`;var nl=`// What the backward passes of attention bind besides.
@group(0) @binding(4) var<storage, read_write> d_o: array<vec4f>;  // [rows, heads\xB7D]
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;  // [rows, heads] dO\xB7o
@group(0) @binding(6) var<storage, read_write> dqkv: array<vec4f>; // [rows, (heads + 2\xB7groups)\xB7D]
`;var ol=`// What every pass of attention binds, and how it lies. D, the head size, is four times D4.
struct Params { rows: u32, heads: u32, groups: u32, causal: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<qkv_t4>; // [rows, (heads + 2\xB7groups)\xB7D] queries, keys, values
@group(0) @binding(1) var<storage, read_write> span: array<vec2i>; // [rows] first and end of the row's sequence
@group(0) @binding(2) var<storage, read_write> o: array<o_t4>;     // [rows, heads\xB7D]
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;    // [rows, heads] log \u03A3 exp of the scores

// vec4s of a row of qkv, and of a row of o.
fn qkv_stride() -> u32 { return (p.heads + 2u * p.groups) * \${D4}u; }
fn o_stride() -> u32 { return p.heads * \${D4}u; }

// Where in a row of qkv a head's queries begin, and the keys and values of a key-value head.
fn query_at(head: u32) -> u32 { return head * \${D4}u; }
fn key_at(group: u32) -> u32 { return (p.heads + group) * \${D4}u; }
fn value_at(group: u32) -> u32 { return key_at(group) + p.groups * \${D4}u; }
`;var sl="    //#include attention_score\n    // weight = exp(score\xB7scale \u2212 lse) and d_score = weight\xB7(d_weight \u2212 delta) of own row r and row j\n    var dw${r} = own_value${r}_0 * other_value0;\n    //#repeat d D4MORE\n    dw${r} = fma(own_value${r}_${d + 1}, other_value${d + 1}, dw${r});\n    //#end d\n    let score${r} = lane_sum(s${r}) * p.scale;\n    let weight${r} = select(0.0, exp(score${r} - lse${r}), j >= range${r}.x && j < range${r}.y);\n    let d_score${r} = weight${r} * (lane_sum(dw${r}) - delta${r});\n";var il="    // score: own row r times the other side's row.\n    var s${r} = own${r}_0 * other0;\n    //#repeat d D4MORE\n    s${r} = fma(own${r}_${d + 1}, other${d + 1}, s${r});\n    //#end d\n";var al=`// How attention goes with tiles in workgroup memory.
//
// A workgroup of 64 invocations, eight by eight, holds 32 rows of a head, its own side: queries, or keys for the gradient
// of the keys. It walks over the rows of the other side, 32 at a time. Of a tile of 32\xD732 pairs an invocation makes 4\xD74:
// rows 4\xB7ty \u2026 of its own side, a vec4, and rows tx, tx + 8, \u2026 of the other. A tile takes these steps:
//
//   scores     own\xB7other\u1D40, DEPTH vec4 of the head size at a time, both sides brought into \`stage\`. Own rows are
//              turned there, so that one vec4 holds one value of four rows.
//   weights    of the pairs, or their gradients, in registers
//   sums       weights\xB7other (attention_tile_sums.wgsl): the weights go through \`pairs\`, STEP rows of the other side at
//              a time through \`stage\`. An invocation makes its four rows of the vec4s tx, tx + 8, \u2026 of the head (VCOLS).
//
// Banks: PITCH is odd, so that eight neighbouring rows lie in different banks; all else that eight neighbours read is
// one vec4 or eight in a row. With BLOCK sums go in blocks of so many rows, and no tile goes beyond a block: what of a
// tile lies behind its end counts as 0. The loops' bounds are the same for all invocations, as barriers want it.

// Own side [DEPTH\xB74, 32 / 4], then the other [32, PITCH]; or rows to be summed [STEP, D].
var<workgroup> stage: array<vec4f, \${32 * (DEPTH + PITCH)}>;
var<workgroup> pairs: array<vec4f, 256>;  // weights [other row, own rows / 4]
var<workgroup> ranges: array<vec2u, 32>;  // first and end of what own rows see, or are seen by
var<workgroup> range_of_all: vec2u;
//#if BLOCK
var<workgroup> sequences: array<vec2u, 32>; // first and end of own rows' sequences
var<workgroup> stop_of_all: u32;
//#end BLOCK

// Where a head's 4\xB7D4 values of 32 rows begin: in qkv, or in dO.
struct Tile { gradient: bool, row: u32, at: u32 }

fn load_four(tile: Tile, row: u32, at: u32) -> mat4x4f {
  let last = p.rows - 1u;
  return mat4x4f(
    load(tile.gradient, min(row, last), at), load(tile.gradient, min(row + 1u, last), at),
    load(tile.gradient, min(row + 2u, last), at), load(tile.gradient, min(row + 3u, last), at));
}

// Products of rows 4\xB7ty \u2026 of one tile with rows tx, tx + 8, \u2026 (columns) of another, whose rows from \`end\` on count as 0.
fn scores(own: Tile, other: Tile, end: u32, i: u32) -> mat4x4f {
  let tx = i % 8u;
  let ty = i / 8u;
  var s = mat4x4f();
  for (var d = 0u; d < \${D4}u; d += \${DEPTH}u) {
    workgroupBarrier(); // what stood there has been read
    if (ty < \${DEPTH}u) {
      let at = min(d + ty, \${D4 - 1}u);
      let block = transpose(load_four(own, own.row + 4u * tx, own.at + at));
      //#repeat q 4
      stage[(4u * ty + \${q}u) * 8u + tx] = block[\${q}];
      //#end q
    }
    for (var n = i; n < \${32 * DEPTH}u; n += \${WORKGROUP}u) {
      let row = n / \${DEPTH}u;
      let at = n % \${DEPTH}u;
      var value = vec4f();
      if (other.row + row < end && d + at < \${D4}u) { value = load(other.gradient, other.row + row, other.at + d + at); }
      stage[\${32 * DEPTH}u + row * \${PITCH}u + at] = value;
    }
    workgroupBarrier();
    for (var at = 0u; at < \${DEPTH}u; at++) {
      //#repeat q 4
      let a\${q} = stage[(4u * at + \${q}u) * 8u + ty];
      //#end q
      //#repeat c 4
      let b\${c} = stage[\${32 * DEPTH}u + (tx + \${8 * c}u) * \${PITCH}u + at];
      //#repeat q 4
      s[\${c}] = fma(a\${q}, vec4f(b\${c}[\${q}]), s[\${c}]);
      //#end q
      //#end c
    }
  }
  return s;
}

// What of the other side each of own rows 4\xB7ty \u2026 sees, or is seen by.
struct Ranges { first: vec4u, end: vec4u }

fn own_ranges(ty: u32) -> Ranges {
  return Ranges(
    vec4u(ranges[4u * ty].x, ranges[4u * ty + 1u].x, ranges[4u * ty + 2u].x, ranges[4u * ty + 3u].x),
    vec4u(ranges[4u * ty].y, ranges[4u * ty + 1u].y, ranges[4u * ty + 2u].y, ranges[4u * ty + 3u].y));
}

fn visible(j: u32, seen: Ranges) -> vec4<bool> { return (vec4u(j) >= seen.first) & (vec4u(j) < seen.end); }

// First and end of what any of the 32 own rows from \`own_row\` sees, or is seen by; fills \`ranges\`.
fn tile_range(own_row: u32, i: u32) -> vec2u {
  if (i < 32u) { ranges[i] = range(own_row + i); }
  //#if BLOCK
  if (i < 32u) { sequences[i] = sequence(own_row + i); }
  //#end BLOCK
  workgroupBarrier();
  if (i == 0u) {
    var all = NOTHING;
    for (var r = 0u; r < 32u; r++) { all = vec2u(min(all.x, ranges[r].x), max(all.y, ranges[r].y)); }
    range_of_all = all;
  }
  let all = workgroupUniformLoad(&range_of_all);
  return vec2u(min(all.x, all.y), all.y);
}
//#if BLOCK

// Where the block of rows from \`start\` on ends, of any of the 32 own rows.
fn tile_stop(start: u32, end: u32, i: u32) -> u32 {
  if (i == 0u) {
    var stop = end;
    for (var r = 0u; r < 32u; r++) { stop = min(stop, block_end(start, sequences[r])); }
    stop_of_all = stop;
  }
  return workgroupUniformLoad(&stop_of_all);
}

// Of which of the own rows 4\xB7ty \u2026 a block ends at \`stop\` and another follows.
fn end_blocks(stop: u32, ty: u32) -> vec4<bool> {
  return vec4<bool>(
    ends_block(stop, ranges[4u * ty]), ends_block(stop, ranges[4u * ty + 1u]),
    ends_block(stop, ranges[4u * ty + 2u]), ends_block(stop, ranges[4u * ty + 3u]));
}
//#end BLOCK
`;var cl=`// The vec4 at \`at\` of a row of qkv, or of dO.
fn load(gradient: bool, row: u32, at: u32) -> vec4f {
  if (gradient) { return load_d_o(row * o_stride() + at); }
  return load_qkv(row * qkv_stride() + at);
}
`;var ul=`    // sum\${g} += weights\${g}\xB7rows, of the 32 rows of summands\${g}
    //#if g
    workgroupBarrier(); // the weights before have been read
    //#end g
    //#repeat c 4
    pairs[(tx + \${8 * c}u) * 8u + ty] = weights\${g}[\${c}];
    //#end c
    for (var first = 0u; first < 32u; first += \${STEP}u) {
      workgroupBarrier(); // what stood there has been read
      for (var n = i; n < \${STEP * D4}u; n += \${WORKGROUP}u) {
        let j = other + first + n / \${D4}u;
        var summand = vec4f();
        if (j < end) { summand = load(summands\${g}.gradient, j, summands\${g}.at + n % \${D4}u); }
        stage[n] = summand;
      }
      workgroupBarrier();
      for (var n = 0u; n < \${STEP}u; n++) {
        let weight = pairs[(first + n) * 8u + ty];
        //#if WEIGHT_SUM
        weight_sum += weight;
        //#end WEIGHT_SUM
        //#repeat c VCOLS
        let x\${c} = stage[n * \${D4}u + min(tx + \${8 * c}u, \${D4 - 1}u)];
        //#repeat r 4
        sum\${g}_\${c}_\${r} = fma(vec4f(weight[\${r}]), x\${c}, sum\${g}_\${c}_\${r});
        //#end r
        //#end c
      }
    }
`;var ll=`// What an invocation computes with at a time: four values where 4 divides the width (VECTOR), else one.
//#if VECTOR
alias T = vec4f;
//#else
alias T = f32;
//#end VECTOR
`;var fl=`// How a matrix product ends.
//
//   z = scale\xB7product + bias[N],  saved = z,  y = activation(z) + residual[M,N] (+ y if p.add)
//
// Each part is there if its constant is set, which is also its binding. With VECTOR (4 divides N), y and the
// ending's tensors are read and written four columns at a time. Needs a uniform \`p\` of blocks/gemm_params.wgsl. Where a
// product is a piece of a larger one (PITCHED), Y and what lies as Y does are bound with all their columns.

//#include elements
//#if VECTOR
alias StoredY = y_t4;
alias Saved = saved_t4;
alias Residual = residual_t4;
//#else
alias StoredY = y_t;
alias Saved = saved_t;
alias Residual = residual_t;
//#end VECTOR

@group(0) @binding(\${Y}) var<storage, read_write> y: array<StoredY>;
//#if BIAS
@group(0) @binding(\${BIAS}) var<storage, read_write> bias: array<T>;
//#end BIAS
//#if SAVE
@group(0) @binding(\${SAVE}) var<storage, read_write> saved: array<Saved>;
//#end SAVE
//#if RESIDUAL
@group(0) @binding(\${RESIDUAL}) var<storage, read_write> residual: array<Residual>;
//#end RESIDUAL
//#if ACTIVATION
//#include activation_chosen
//#end ACTIVATION

// Ends the product of y[at], which stands in this column.
fn end_at(at: u32, column: u32, product: T) {
  var value = product;
  //#if SCALED
  value *= p.scale;
  //#end SCALED
  //#if BIAS
  value += bias[column];
  //#end BIAS
  //#if SAVE
  saved[at] = Saved(value);
  //#end SAVE
  //#if ACTIVATION
  //#if VECTOR
  value = vec4f(activate(value.x), activate(value.y), activate(value.z), activate(value.w));
  //#else
  value = activate(value);
  //#end VECTOR
  //#end ACTIVATION
  //#if RESIDUAL
  value += T(residual[at]);
  //#end RESIDUAL
  if (p.add != 0u) { value += T(y[at]); }
  y[at] = StoredY(value);
}

// Ends four products of one row, from a column that 4 divides; leaves out what lies outside of Y.
fn end(row: u32, column: u32, product: vec4f) { end_sheet(0u, row, column, product); }

// The same where y holds several matrices one after the other.
fn end_sheet(sheet: u32, row: u32, column: u32, product: vec4f) {
  if (row >= p.m) { return; }
  //#if PITCHED
  let first = p.y_first % p.y_pitch + column;
  let at = (sheet * p.m + row) * p.y_pitch + p.y_first + column;
  //#else
  let first = column;
  let at = (sheet * p.m + row) * p.n + column;
  //#end PITCHED
  //#if VECTOR
  if (column < p.n) { end_at(at / 4u, first / 4u, product); }
  //#else
  //#repeat q 4
  if (column + \${q}u < p.n) { end_at(at + \${q}u, first + \${q}u, product[\${q}]); }
  //#end q
  //#end VECTOR
}
`;var dl=`  m: u32, n: u32, k: u32, add: u32,
  //#if PITCHED
  // Of each matrix: elements from a row to the next, and before its first.
  a_pitch: u32, a_first: u32, b_pitch: u32, b_first: u32, y_pitch: u32, y_first: u32,
  //#end PITCHED
  //#if SCALED
  scale: f32,
  //#end SCALED
`;var pl="    // Four columns of a row, four k.\n    y${i}_${j} = fma(vec4f(a${i}.x), b${j}[0], y${i}_${j});\n    y${i}_${j} = fma(vec4f(a${i}.y), b${j}[1], y${i}_${j});\n    y${i}_${j} = fma(vec4f(a${i}.z), b${j}[2], y${i}_${j});\n    y${i}_${j} = fma(vec4f(a${i}.w), b${j}[3], y${i}_${j});\n";var hl=`// The sum of a vec4's four lanes.
fn lane_sum(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }
`;var ml=`//#include stored_elements
// The values of a T, added up from the first to the last.
//#if VECTOR
fn element_sum(v: T) -> f32 { return v.x + v.y + v.z + v.w; }
//#else
fn element_sum(v: T) -> f32 { return v; }
//#end VECTOR

struct Params { rows: u32, width: u32, size: f32, eps: f32, add: u32 } // width in T, size in elements

@group(0) @binding(0) var<storage, read_write> x: array<X>;
@group(0) @binding(1) var<storage, read_write> weight: array<T>;
@group(0) @binding(2) var<storage, read_write> stats: array<f32>; // [rows, 2] mean and rstd
`;var gl=`// How a norm's rows lie in a workgroup: it takes blocks of TILE rows, p.blocks of them one after the other (one, unless
// LOOP). Its LANES invocations share a row: lane l holds the vec4s l, l + LANES, \u2026, HELD of them (RAGGED: the last lanes
// one less).
struct Params { rows: u32, width: u32, blocks: u32, eps: f32 } // width in vec4

@group(0) @binding(0) var<storage, read_write> x: array<x_t4>;
@group(0) @binding(1) var<storage, read_write> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2f>; // [rows] mean and rstd

// Whether a vec4 of a row exists.
fn within(column: u32) -> bool {
  //#if RAGGED
  return column < p.width;
  //#else
  return true;
  //#end RAGGED
}
`;var wl=`// Reductions over the invocations that share a row: a workgroup (SHARED), or each on its own.
//#if SHARED
var<workgroup> shared_max: array<f32, \${WORKGROUP}>;
var<workgroup> shared_sum: array<f32, \${WORKGROUP}>;

fn max_of_row(own: f32, lane: u32) -> f32 {
  shared_max[lane] = own;
  workgroupBarrier();
  var most = own;
  for (var i = 0u; i < \${WORKGROUP}u; i++) { most = max(most, shared_max[i]); }
  return most;
}

fn sum_of_row(own: f32, lane: u32) -> f32 {
  shared_sum[lane] = own;
  workgroupBarrier();
  var sum = 0.0;
  for (var i = 0u; i < \${WORKGROUP}u; i++) { sum += shared_sum[i]; }
  return sum;
}
//#else
fn max_of_row(own: f32, lane: u32) -> f32 { return own; }
fn sum_of_row(own: f32, lane: u32) -> f32 { return own; }
//#end SHARED
`;var _l=`// Which rows see which: first and end (excluded). Padding and what lies beyond the last row see nothing and are not
// seen. Where attention is causal, rows see up to themselves.
const NOTHING = vec2u(0xffffffffu, 0u);
const LOW = -1e30; // the score of what is not seen

fn padding(row: u32) -> bool { return row >= p.rows || span[row].y <= span[row].x; }

//#if BLOCK
// Long sums go in blocks of BLOCK rows, counted from the first row of a sequence, so that what a sequence gets does not
// depend on what else is in the batch.
fn sequence(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  return vec2u(span[row]);
}

// Where the rows from \`start\` on that a sequence adds up in one go end.
fn block_end(start: u32, whole: vec2u) -> u32 {
  if (start >= whole.y) { return 0xffffffffu; }
  if (start < whole.x) { return whole.x; }
  return whole.x + ((start - whole.x) / \${BLOCK}u + 1u) * \${BLOCK}u;
}

// Whether a block of what a row sees, or is seen by, ends at \`stop\` and another follows.
fn ends_block(stop: u32, seen: vec2u) -> bool { return stop > seen.x && stop < seen.y; }
//#end BLOCK

// The rows that \`row\` sees.
fn sees(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  return vec2u(own.x, row + 1u);
}

// The rows that see \`row\`.
fn seen_by(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  return vec2u(row, own.y);
}
`;var bl=`// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (\`spread\` of src/gpu/kernel/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * \${WORKGROUP}u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }
`;var yl=`//#include elements
// A T as x and y hold it, which may be in 16 bits.
//#if VECTOR
alias X = x_t4;
alias Y = y_t4;
//#else
alias X = x_t;
alias Y = y_t;
//#end VECTOR
`;var vl=`// What a workgroup's lanes have of TILE rows: two sums, each a vec4 with a value a row (the second counts if CENTRED).
// They go through workgroup memory, of which two copies take turns, so that a block of rows needs one barrier. With many
// lanes (TREE) sixteen sums at a time are made one first, which takes a second barrier.
struct Sums { first: vec4f, second: vec4f }

var<workgroup> lane_first: array<vec4f, \${2 * LANES}>;
//#if CENTRED
var<workgroup> lane_second: array<vec4f, \${2 * LANES}>;
//#end CENTRED

fn store_sums(at: u32, sums: Sums) {
  lane_first[at] = sums.first;
  //#if CENTRED
  lane_second[at] = sums.second;
  //#end CENTRED
}

// Where the sums to be added up stand, in \`block\`'s turn.
fn sums_at(block: u32) -> u32 {
  //#if TREE
  return \${LANES}u; // those of sixteens
  //#elif LOOP
  return (block & 1u) * \${LANES}u;
  //#else
  return 0u;
  //#end TREE
}
`;var xl=`//#include workgroup_memory
// Mean and mean square about it of TILE rows, a vec4, from what a workgroup's lanes have of them: the sum of their
// values, and of the squares about their own mean, which are joined as in Chan, Golub and LeVeque (1983).
// Not CENTRED: the mean is 0, and the squares are about 0.
struct Moments { mean: vec4f, square: vec4f }

//#if CENTRED
// Values of a row that a lane holds.
fn held(lane: u32) -> f32 { return f32(4u * ((p.width + \${LANES - 1}u - lane) / \${LANES}u)); }
// \u2026 that one of PARTS holds: a lane, or (TREE) sixteen lanes, 0 to 15 being the first.
fn held_by(part: u32) -> f32 {
  //#if TREE
  let before = 16u * part;
  let one_more = min(max(p.width % \${LANES}u, before) - before, 16u);
  return f32(4u * (16u * (p.width / \${LANES}u) + one_more));
  //#else
  return held(part);
  //#end TREE
}

// What \`values\` values' squares about \`mean\` are more than those about their own mean.
fn about(mean: vec4f, sum: vec4f, values: f32) -> vec4f {
  let off = sum / max(values, 1.0) - mean;
  return values * off * off;
}
//#end CENTRED

fn workgroup_moments(own: Sums, block: u32, lane: u32) -> Moments {
  let size = f32(4u * p.width);
  let at = sums_at(block);
  //#if TREE
  store_sums(lane, own);
  workgroupBarrier();
  if (lane < \${PARTS}u) {
    var sixteen = Sums();
    //#if CENTRED
    //#repeat l 16
    sixteen.second += lane_second[16u * lane + \${l}u];
    //#end l
    let middle = sixteen.second / max(held_by(lane), 1.0);
    //#end CENTRED
    //#repeat l 16
    sixteen.first += lane_first[16u * lane + \${l}u];
    //#if CENTRED
    sixteen.first += about(middle, lane_second[16u * lane + \${l}u], held(16u * lane + \${l}u));
    //#end CENTRED
    //#end l
    store_sums(at + lane, sixteen);
  }
  //#else
  store_sums(at + lane, own);
  //#end TREE
  workgroupBarrier();
  var moments = Moments();
  //#if CENTRED
  //#repeat l PARTS
  moments.mean += lane_second[at + \${l}u];
  //#end l
  moments.mean /= size;
  //#end CENTRED
  //#repeat l PARTS
  moments.square += lane_first[at + \${l}u];
  //#if CENTRED
  moments.square += about(moments.mean, lane_second[at + \${l}u], held_by(\${l}u));
  //#end CENTRED
  //#end l
  moments.square /= size;
  return moments;
}
`;var $l=`//#include workgroup_memory
// The sums of all lanes, added up.
fn workgroup_sums(own: Sums, block: u32, lane: u32) -> Sums {
  let at = sums_at(block);
  //#if TREE
  store_sums(lane, own);
  workgroupBarrier();
  if (lane < \${PARTS}u) {
    var sixteen = Sums();
    //#repeat l 16
    sixteen.first += lane_first[16u * lane + \${l}u];
    //#if CENTRED
    sixteen.second += lane_second[16u * lane + \${l}u];
    //#end CENTRED
    //#end l
    store_sums(at + lane, sixteen);
  }
  //#else
  store_sums(at + lane, own);
  //#end TREE
  workgroupBarrier();
  var sums = Sums();
  //#repeat l PARTS
  sums.first += lane_first[at + \${l}u];
  //#if CENTRED
  sums.second += lane_second[at + \${l}u];
  //#end CENTRED
  //#end l
  return sums;
}
`;var kl={across_tile:el,activation_chosen:tl,activations:rl,attention_gradients:nl,attention_operands:ol,attention_pair:sl,attention_score:il,attention_tile:al,attention_tile_backward:cl,attention_tile_sums:ul,elements:ll,gemm_ending:fl,gemm_params:dl,gemm_step:pl,lane_sum:hl,norm_elements:ml,norm_lanes:gl,row_reductions:wl,spans:_l,spread:bl,stored_elements:yl,workgroup_memory:vl,workgroup_moments:xl,workgroup_sums:$l};var Ui=`
  p = params;`,El=/var<uniform> p: Params;/;function Ao(e){return El.test(e)}function Sl(e,t){return e.replace(El,"var<storage, read> params: Params; var<private> p: Params;").replace(new RegExp(`fn ${t}\\([^{]*\\{`),n=>n+Ui)}function Al(e,t,r={}){let n={lines:[],places:[]};return Oo(hb(e,r),t,n),n}function Re({file:e,line:t},r){throw new Error(`${e}:${t}: ${r}`)}var pb=/^\s*\/\/#(\w+)\s*(.*?)\s*$/;function hb(e,{file:t="template",block:r=()=>{}}){let n=new Set,o=[];return s(e,t,o),o;function s(i,a,c){let u=[],f=()=>u.at(-1)?.body??c,l=(g,m,w)=>{f().push(m),u.push({name:g,node:m,body:w})},d=(g,m,w)=>{let[,_,y]=/^(!?)(\w+)$/.exec(w)??Re(g,`expected //#${m} NAME or //#${m} !NAME, found //#${m} ${w}`);return{condition:y,negated:_==="!",body:[]}},p=(g,m)=>{f().length===0&&Re(g,`${m} follows an empty branch: leave it out, or turn the condition with !`)};i.split(`
`).forEach((g,m)=>{let w={file:a,line:m+1},[,_,y=""]=pb.exec(g)??[],E=u.at(-1);if(_===void 0)f().push({kind:"line",text:g,place:w});else if(_==="if"){let x=d(w,_,y);l(x.condition,{kind:"if",branches:[x],place:w},x.body)}else if(_==="elif"||_==="else"){E?.node.kind!=="if"&&Re(w,`//#${_} without an //#if`),p(w,`//#${_}`),E.node.branches.at(-1).condition===void 0&&Re(w,`//#${_} after //#else`);let x=_==="elif"?d(w,_,y):{condition:void 0,negated:!1,body:[]};E.node.branches.push(x),E.body=x.body}else if(_==="repeat"){let[,x,v]=/^(\w+)\s+(\w+)$/.exec(y)??Re(w,`expected //#repeat NAME COUNT, found //#repeat ${y}`),A=[];l(x,{kind:"repeat",name:x,count:v,body:A,place:w},A)}else if(_==="end")E||Re(w,"//#end without a block"),y!==E.name&&Re(w,`expected //#end ${E.name} for line ${E.node.place.line}, found //#end ${y}`),p(w,"//#end"),u.pop();else if(_==="include"){if(n.has(y))return;n.add(y);let x=r(y)??Re(w,`there is no block ${y} to include`);s(x.text.replace(/\n$/,""),x.file,f())}else Re(w,`unknown directive //#${_}`)});let h=u.at(-1);h&&Re(h.node.place,`block is not closed by //#end ${h.name}`)}}function Oo(e,t,r){for(let n of e){let{place:o}=n;if(n.kind==="line")r.lines.push(mb(n.text,t,o)),r.places.push(o);else if(n.kind==="repeat"){let s=Fi(n.count,t,o);s===0&&Oo(n.body,{...t,[n.name]:0},{lines:[],places:[]});for(let i=0;i<s;i++)Oo(n.body,{...t,[n.name]:i},r)}else{let s=!1;for(let{condition:i,negated:a,body:c}of n.branches){let u=i===void 0||Fi(i,t,o)!==0!==a;Oo(c,t,u&&!s?r:{lines:[],places:[]}),s||=u}}}}function Fi(e,t,r){let n=/^\d+$/.test(e)?Number(e):t[e];return n===void 0&&Re(r,`no value for ${e}`),n}function mb(e,t,r){return e.replace(/\$\{([^}]+)\}/g,(n,o)=>String(gb(o,t,r)))}function gb(e,t,r){let n=e.match(/\w+|[-+*/%()]/g)??[],o=0,s=()=>{let u=n[o++]??"";if(u!=="(")return Fi(u,t,r);let f=a();return o++,f},i=()=>{let u=s();for(;/^[*/%]$/.test(n[o]??"");){let f=n[o++],l=s();u=f==="*"?u*l:f==="/"?Math.floor(u/l):u%l}return u},a=()=>{let u=i();for(;/^[-+]$/.test(n[o]??"");)u+=(n[o++]==="+"?1:-1)*i();return u},c=a();return o!==n.length&&Re(r,`cannot read \${${e}}`),c}function Kt(e,t){return e.slot===t.slot&&e.offset<t.offset+t.bytes&&t.offset<e.offset+e.bytes}var ut=256;function Ol(e,t){return e.replace(new RegExp(`var<storage, read_write> ${t}: array<\\w+>;`),`var ${t}: ${t}_texture;`)}function Tl(e,t){let r=`vec2u(i & ${ut-1}u, i >> ${Math.log2(ut)}u)`,n=t?`textureLoad(${e}, ${r})`:`vec4f(${e}[i])`;return`fn load_${e}(i: u32) -> vec4f { return ${n}; }`}var wb=2;function _b({f16:e}){return e?"rgba16float":"rgba32float"}function Gt(e){return ut*(e==="rgba32float"?16:8)}function Ki(e){let t=[],r=e.map(({slices:n,textured:o},s)=>{let i=n.map(()=>{}),a=[];for(let c of o){let u=n[c],f=_b(u),l=t.findIndex(({holds:p})=>p&&bb(p,u));if(l<0){let p=[...t.keys()].filter(g=>t[g].format===f&&t[g].used<s).sort((g,m)=>t[g].used-t[m].used);l=p.find(g=>!t[g].holds)??-1;let h=t.filter(g=>g.format===f).length<wb;l<0&&(h||p.length===0)?l=t.push({format:f,rows:0,holds:void 0,used:s})-1:l<0&&(l=p[0]),a.push({slice:u,texture:l})}let d=t[l];d.rows=Math.max(d.rows,Math.ceil(u.bytes/Gt(f))),d.holds=u,d.used=s,i[c]=l}return n.forEach((c,u)=>{if(i[u]===void 0)for(let f of t)f.holds&&Kt(f.holds,c)&&(f.holds=void 0)}),{textures:i,copies:a}});return{needs:t.map(({format:n,rows:o})=>({format:n,rows:o})),uses:r}}function bb(e,t){return e.slot===t.slot&&e.offset===t.offset&&e.bytes===t.bytes}function Ml(e,t,r,n,o){let s=Gt(o.format),i=(u,f,l)=>e.copyBufferToTexture({buffer:t,offset:r+u*s,bytesPerRow:s},{texture:o,origin:[0,u]},[f,l]),a=Math.ceil(n/s);if(r+a*s<=t.size)return i(0,ut,a);let c=Math.floor(n/s);c>0&&i(0,ut,c),i(c,(n-c*s)/(s/ut),1)}function On(e,t){return e.label?e.label(t):typeof t!="object"||t===null?String(t):Object.entries(t).flatMap(([r,n])=>Number.isInteger(n)?[`${r} ${n}`]:typeof n=="string"?[n]:n===!0?[r]:[]).join(" ")}var To={cpu:8,gpu:64};function H(e){return new Uint32Array(new Float32Array([e]).buffer)[0]}function Cl(e,t,r=[],n=To.gpu,o=!1){let s=(i=[])=>`[${i}]`;return[e.name,JSON.stringify(e.constants(t)),s(e.bindings(t)),s(r),s(e.textures?.(t)),e.workgroup?.(t)??n,o?"stored":"uniform"].join(" ")}function Il(e,t,r=[],n=To.gpu,o=!1){let{lines:s,places:i}=yb(e,t,n),a=s.join(`
`),c=e.textures?.(t)??[];for(let l of c)a=Ol(a,l);if(o&&Ao(a)){a=Sl(a,e.name);let l=a.slice(0,a.indexOf(Ui)).split(`
`).length;i.splice(l,0,i[l-1])}let u=r.length>0?["enable f16;"]:[];for(let l of e.f16??[]){let d=r.includes(l);u.push(`alias ${l}_t = ${d?"f16":"f32"}; alias ${l}_t4 = ${d?"vec4<f16>":"vec4f"};`)}for(let l of c){let d=r.includes(l)?"rgba16float":"rgba32float";u.push(`alias ${l}_texture = texture_storage_2d<${d}, read>;`)}for(let l of e.bindings(t))a.includes(`load_${l}(`)&&u.push(Tl(l,c.includes(l)));let f=u.map((l,d)=>({file:`${e.name} (what stands in front of it)`,line:d+1}));return{code:[...u,a].join(`
`),places:[...f,...i]}}function yb(e,t,r){let n={WORKGROUP:e.workgroup?.(t)??r,...e.constants(t)},o=s=>{let i=kl[s];return i===void 0?void 0:{text:i,file:`kernels/blocks/${s}.wgsl`}};try{return Al(e.wgsl,n,{file:`kernels/${e.name}.wgsl`,block:o})}catch(s){throw new Error(`kernel ${e.name} (${On(e,t)}): ${s instanceof Error?s.message:s}`)}}var Nl=65535;function R(e,t){let r=Math.max(1,Math.ceil(e/t));if(r<=Nl)return[r,1,1];let n=Math.ceil(r/Nl);return[Math.ceil(r/n),n,1]}function Rl(e,t){let r=o=>t[Number(o)-1],n=(o,s,i)=>{let a=r(s);return a?`${a.file}:${a.line}:${i}`:o};return e.replace(/^( *)(\d+)( *│)/gm,(o,s,i,a)=>{let c=r(i);return c?String(c.line).padStart(s.length+i.length)+a:o}).replace(/\bwgsl:(\d+):(\d+)/g,n).replace(/(?<=^|\s):(\d+):(\d+)(?= error| warning)/gm,n)}var vb=["timestamp-query","shader-f16"],xb=/llvmpipe|lavapipe|swiftshader|basic render|software/i;async function Ll(e={}){let t=await navigator.gpu?.requestAdapter({powerPreference:e.powerPreference??"high-performance"});if(!t)throw new gr("no WebGPU adapter was found: install a Vulkan driver (see `deno task doctor`)");let{limits:r,info:n}=t,o=await t.requestDevice({requiredFeatures:vb.filter(a=>t.features.has(a)),requiredLimits:{maxBufferSize:r.maxBufferSize,maxStorageBufferBindingSize:r.maxStorageBufferBindingSize,maxTextureDimension2D:r.maxTextureDimension2D,maxStorageBuffersPerShaderStage:Math.min(r.maxStorageBuffersPerShaderStage,16)}}),s=`${n.vendor} ${n.architecture} ${n.device} ${n.description}`,i=n.isFallbackAdapter;return new Gi(o,{vendor:n.vendor,architecture:n.architecture,device:n.device,description:n.description,isFallbackAdapter:i===!0||xb.test(s)})}var Gi=class{device;facts;largestBinding;largestBuffer;largestTexture;peakBytes=0;profiler;#e=0;#t;#r=new Map;#n=new Map;#o;#i={rgba32float:[],rgba16float:[]};#s=!1;constructor(t,r){this.device=t,this.largestBinding=t.limits.maxStorageBufferBindingSize,this.largestBuffer=Math.floor(t.limits.maxBufferSize/16)*16,this.largestTexture=4*ut*t.limits.maxTextureDimension2D,this.facts=r,t.addEventListener("uncapturederror",n=>{n.preventDefault(),this.#c(`WebGPU error: ${n.error.message}`)}),t.lost.then(n=>{this.#s||this.#c(`the GPU device was lost (${n.reason}: ${n.message}), and all that was on it. A driver that was reset, full memory or a GPU taken away do that: see to it, and go on with --resume`)})}get liveBytes(){return this.#e}set liveBytes(t){this.#e=t,this.peakBytes=Math.max(this.peakBytes,t)}#c(t){this.#t??=new ee(t)}check(){if(this.#t)throw this.#t}buffer(t,r,n=GPUBufferUsage.STORAGE|GPUBufferUsage.COPY_SRC|GPUBufferUsage.COPY_DST){let o=Math.max(16,Math.ceil(t/16)*16);if(o>this.largestBuffer)throw new ee(`${r}: a buffer of ${o} bytes is over this adapter's limit of ${this.largestBuffer}; use a smaller batch or model`);return this.liveBytes+=o,this.device.createBuffer({size:o,usage:n,label:r})}release(t){this.liveBytes-=t.size,t.destroy()}arena(t){return(!this.#o||this.#o.size<t)&&(this.#o&&this.release(this.#o),this.#o=this.buffer(t,"arena")),this.#o}get workgroup(){return To[Te(this)]}textures(t){let r={rgba32float:0,rgba16float:0};return t.map(({format:n,rows:o})=>{let s=this.#i[n],i=r[n]++,a=s[i];return a&&a.height>=o?a:(this.liveBytes+=(o-(a?.height??0))*Gt(n),a?.destroy(),s[i]=this.device.createTexture({label:`operand ${i}`,size:[ut,o],format:n,usage:GPUTextureUsage.COPY_DST|GPUTextureUsage.STORAGE_BINDING}))})}get sharedBytes(){let t=Object.values(this.#i).flat(),r=({height:n,format:o})=>n*Gt(o);return t.reduce((n,o)=>n+r(o),this.#o?.size??0)}async settle(){this.device.queue.submit([]),await this.device.queue.onSubmittedWorkDone(),this.check()}async read(t,r,n){this.check();let o=Math.max(4,Math.ceil(n/4)*4),s=this.device.createBuffer({size:o,usage:GPUBufferUsage.MAP_READ|GPUBufferUsage.COPY_DST});try{let i=this.device.createCommandEncoder();return i.copyBufferToBuffer(t,r,s,0,o),this.device.queue.submit([i.finish()]),await this.#a(s),this.check(),s.getMappedRange().slice(0,n)}finally{s.destroy()}}async#a(t){try{await t.mapAsync(GPUMapMode.READ)}catch(r){await Promise.race([this.device.lost,new Promise(o=>setTimeout(o,100))]),this.check();let n=r instanceof Error?r.message:String(r);throw new ee(`the GPU gives nothing back: ${n}. Go on with --resume`,{cause:r})}}pipeline(t,r,n=[]){let o=t.textures?.(r)??[],s=t.bindings(r).map(m=>o.includes(m)?n.includes(m)?"rgba16float":"rgba32float":"buffer"),i=s.filter(m=>m==="buffer").length,a=Te(this)==="cpu"&&Ao(t.wgsl)&&i<this.device.limits.maxStorageBuffersPerShaderStage,c=Cl(t,r,n,this.workgroup,a),u=this.#r.get(c);if(u)return u;let f=this.#u(s,a),{code:l,places:d}=Il(t,r,n,this.workgroup,a);this.device.pushErrorScope("validation");let p=this.device.createShaderModule({code:l,label:t.name}),h=this.device.createComputePipeline({label:t.name,layout:this.device.createPipelineLayout({bindGroupLayouts:[f]}),compute:{module:p,entryPoint:t.name}});this.device.popErrorScope().then(m=>{m&&this.#c(`kernel ${t.name} (${On(t,r)}): ${Rl(m.message,d)}`)},()=>{});let g={pipeline:h,layout:f};return this.#r.set(c,g),g}#u(t,r){let n=[...t,r].join(" "),o=this.#n.get(n);if(!o){let s=GPUShaderStage.COMPUTE;o=this.device.createBindGroupLayout({entries:[...t.map((i,a)=>i==="buffer"?{binding:a,visibility:s,buffer:{type:"storage"}}:{binding:a,visibility:s,storageTexture:{access:"read-only",format:i}}),{binding:t.length,visibility:s,buffer:{type:r?"read-only-storage":"uniform"}}]}),this.#n.set(n,o)}return o}destroy(){this.#s=!0,this.liveBytes-=this.sharedBytes,this.#o=void 0;for(let t of Object.values(this.#i))t.length=0;this.device.destroy()}};var Ye=new Map([["F32",4],["F16",2],["BF16",2],["F64",8],["I64",8],["U64",8],["I32",4],["U32",4],["I16",2],["U16",2],["I8",1],["U8",1],["BOOL",1]]),Vi={F64:"float64",F32:"float32",F16:"float16",BF16:"bfloat16"};function Mo(e,t){let r=Ye.get(t)??1,{buffer:n,byteOffset:o,length:s}=e.byteOffset%r===0?e:e.slice(),i=s/r;return t==="F32"?new Float32Array(n,o,i):t==="BF16"?$b(new Uint16Array(n,o,i)):t==="F16"?new Float32Array(new Float16Array(n,o,i)):t==="F64"?new Float32Array(new Float64Array(n,o,i)):t==="I64"?Float32Array.from(new BigInt64Array(n,o,i),Number):t==="U64"?Float32Array.from(new BigUint64Array(n,o,i),Number):t==="I32"?new Float32Array(new Int32Array(n,o,i)):t==="U32"?new Float32Array(new Uint32Array(n,o,i)):t==="I16"?new Float32Array(new Int16Array(n,o,i)):t==="U16"?new Float32Array(new Uint16Array(n,o,i)):t==="I8"?new Float32Array(new Int8Array(n,o,i)):new Float32Array(new Uint8Array(n,o,i))}function $b(e){let{length:t}=e,r=new Uint32Array(t);for(let n=0;n<t;n++)r[n]=e[n]<<16;return new Float32Array(r.buffer)}function Pl(e,t){let r=({buffer:n,byteOffset:o,byteLength:s})=>new Uint8Array(n,o,s);return r(t==="F16"?new Float16Array(e):t==="F64"?new Float64Array(e):t==="BF16"?kb(e):e)}function kb(e){let{length:t}=e,r=new Uint32Array(e.buffer,e.byteOffset,t),n=new Uint16Array(t);for(let o=0;o<t;o++){let s=r[o],i=(s&2147483647)>2139095040;n[o]=i?s>>>16|64:s+32767+(s>>>16&1)>>>16}return n}function Bl(e){let{length:t}=e,r=new Uint32Array(e.buffer,e.byteOffset,t),n=0;for(let o=0;o<t;o++)(r[o]&2139095040)===2139095040&&n++;return n}function Tn(e){let{length:t}=e,r=new Uint32Array(e.buffer,e.byteOffset,t),n=0;for(let o=0;o<t;o++){let s=r[o]&2147483647;s>n&&(n=s)}return new Float32Array(Uint32Array.of(n).buffer)[0]}var Qe=8,Eb=1e8,jl=1<<21,zl=3,Sb=1e3,ql=16;function Hi(e,t,r){if(t===0)throw new b(`${r}: the file is empty; download it again`);if(e.length<Qe||t<Qe)throw new b(`${r}: expected a header, found ${t} bytes; the file is cut short`);let n=Number(new DataView(e.buffer,e.byteOffset,8).getBigUint64(0,!0));if(n<=Eb&&Qe+n<=t)return n;let o=new TextDecoder().decode(e);throw o.startsWith("version ")?new b(`${r}: this is a pointer of Git LFS, not the weights: fetch them with \`git lfs pull\`, or download the file`):/^\s*<(!|h|\?)/i.test(o)?new b(`${r}: this is a web page, not the weights; download the file itself`):o.startsWith("PK")||e[0]===128?new b(`${r}: this is a file of PyTorch, not of safetensors; convert it`):new b(`${r}: the header should take ${n} bytes, the file has ${t}: it is cut short or of another kind`)}function Ji(e,t,r){let n=u=>new b(`${r}: ${u}`),o=Tb(e,n),s;try{s=JSON.parse(new TextDecoder("utf-8",{fatal:!0}).decode(e))}catch(u){throw n(`the header is not JSON (${u.message.slice(0,200)})`)}if(typeof s!="object"||s===null||Array.isArray(s))throw n("the header is not an object");let i=Qe+e.length,a=[],c=Object.entries(s);if(c.length!==o)throw n(`the header names ${o-c.length} tensors more than once`);for(let[u,f]of c)u!=="__metadata__"&&a.push(Ab(u,f,i,t,n));return Ob(a,i,t,n),a}function Ab(e,t,r,n,o){if(e.length>Sb)throw o(`a tensor's name is ${e.length} characters long: ${e.slice(0,100)}\u2026`);if(typeof t!="object"||t===null)throw o(`tensor ${e}: expected an object in the header`);let{dtype:s,shape:i,data_offsets:a}=t,c=p=>Number.isSafeInteger(p)&&p>=0;if(!Array.isArray(i)||!i.every(c)||!Array.isArray(a)||!a.every(c))throw o(`tensor ${e}: shape or data_offsets are missing or not whole numbers`);if(i.length>ql)throw o(`tensor ${e}: expected at most ${ql} sizes, found ${i.length}`);let u=typeof s=="string"?Ye.get(s):void 0;if(u===void 0)throw o(`tensor ${e}: expected ${[...Ye.keys()].join(", ")}, found ${JSON.stringify(s)?.slice(0,100)}`);let f=i.reduce((p,h)=>p*h,u),[l=0,d=0]=a;if(a.length!==2||d-l!==f||r+d>n)throw o(`tensor ${e}: ${s} [${i}] takes ${f} bytes, found ${l} to ${d} of the ${n-r} bytes after the header`);return{name:e,dtype:s,shape:i,start:r+l,bytes:f}}function Ob(e,t,r,n){let o=t,s="the header";for(let{name:i,start:a,bytes:c}of e.toSorted((u,f)=>u.start-f.start||u.bytes-f.bytes)){if(a<o)throw n(`tensors ${s} and ${i} overlap by ${o-a} bytes`);if(a>o)throw n(`${a-o} bytes between ${s} and tensor ${i} belong to none`);o=a+c,s=i}if(o!==r)throw n(`the last ${r-o} bytes, after ${s}, belong to no tensor`)}function Tb(e,t){let r=0,n=0,o=0,s=!1;for(let i=0;i<e.length;i++){let a=e[i];if(s){a===92?i++:a===34&&(s=!1);continue}if(a===34)s=!0;else if(a===123||a===91){if(n++,++r>zl)throw t(`the header is nested deeper than ${zl} levels`)}else a===125||a===93?r--:(a===58||a===44)&&(n++,a===58&&r===1&&o++);if(n>jl)throw t(`the header has over ${jl} names and numbers`)}return o}function Xi(e,t){return{name:e,size:t.length,read:async(r,n)=>t.slice(r,r+n)}}async function Yi(e){let t=new Map;for(let r of e){let n=await r.read(0,Math.min(Qe,r.size)),o=Hi(n,r.size,r.name);for(let s of Ji(await r.read(Qe,o),r.size,r.name)){let i=t.get(s.name);if(i)throw new b(`${r.name}: tensor ${s.name} is in ${i.file.name} as well; expected it in one of the files`);t.set(s.name,{...s,file:r})}}return t}var Dl=8<<20;async function*Or({file:e,start:t,bytes:r,dtype:n}){let o=Dl-Dl%Ye.get(n);for(let s=0;s<r;s+=o){let i=Math.min(o,r-s),a=await e.read(t+s,i);if(a.length!==i)throw new b(`${e.name}: expected ${i} bytes from ${t+s}, found ${a.length}`);yield a}}var Tr="model.safetensors",Ze="model.safetensors.index.json";async function Wl(e,t){if(e.has(Tr))return[Tr];if(!e.has(Ze))throw new b(Mb(e));let r;try{r=JSON.parse(await t())?.weight_map}catch(o){throw o instanceof SyntaxError?new b(`${Ze}: expected JSON (${o.message.slice(0,200)})`):o}if(typeof r!="object"||r===null||Array.isArray(r)||Object.keys(r).length===0)throw new b(`${Ze}: expected weight_map, a file for every parameter; found none`);let n=[...new Set(Object.values(r))];for(let o of n){if(typeof o!="string"||!/^[\w][\w.-]*\.safetensors$/.test(o))throw new b(`${Ze}: expected names of safetensors files beside it, found ${JSON.stringify(o)?.slice(0,200)}`);if(!e.has(o))throw new b(`${Ze}: it names ${o}, which is missing; download all files of the model`)}return n.sort()}function Mb(e){let t=[...e].filter(n=>n.endsWith(".safetensors")).sort();if(t.length>0)return`expected ${Tr} or ${Ze}, found ${t.slice(0,5).join(", ")}${t.length>5?` and ${t.length-5} more`:""} without an index`;let r=[...e].find(n=>/\.(bin|pt|pth|gguf)$/.test(n));return`expected ${Tr} in it, found none${r===void 0?"":`; ${r} is of another format: save the model with safetensors`}`}var No=[.5,.5,.5],ea={do_resize:!0,do_rescale:!0,rescale_factor:1/255,do_normalize:!0,resample:3,do_pad:!1,default_to_square:!1},Ul={kind:"whole",defaults:{...ea,image_mean:[.48145466,.4578275,.40821073],image_std:[.26862954,.26130258,.27577711],size:{shortest_edge:224},crop_size:{height:224,width:224},do_center_crop:!0}},Qi={kind:"whole",defaults:{...ea,image_mean:No,image_std:No,size:{height:224,width:224},do_center_crop:!1,crop_size:null}},Fl={kind:"tiles",defaults:{...ea,default_to_square:!0,resample:1,image_mean:No,image_std:No,size:{longest_edge:4*364},max_image_size:{longest_edge:364},do_image_splitting:!0,do_pad:!0}},Zi={CLIPImageProcessor:Ul,LlavaImageProcessor:Ul,SiglipImageProcessor:Qi,ViTImageProcessor:{...Qi,defaults:{...Qi.defaults,resample:2,default_to_square:!0}},Idefics3ImageProcessor:Fl,SmolVLMImageProcessor:Fl},Nb={llava:"LlavaImageProcessor",vipllava:"CLIPImageProcessor",clip:"CLIPImageProcessor",siglip:"SiglipImageProcessor",idefics3:"Idefics3ImageProcessor",smolvlm:"SmolVLMImageProcessor"};function Kl(e,t,r){let{image_processor_type:n,feature_extractor_type:o}=t,s=n??(typeof o=="string"?o.replace("FeatureExtractor","ImageProcessor"):o)??r.image_processor_type,i=s??Nb[String(r.model_type)],a=typeof i=="string"?i.replace(/(Fast|Pil)$/,""):"",c=Object.hasOwn(Zi,a)?Zi[a]:void 0;if(c!==void 0)return{...c,name:a};throw new b(`${e}: expected image_processor_type to be one of ${Object.keys(Zi).join(", ")}, found ${JSON.stringify(s)??`none, and model_type ${JSON.stringify(r.model_type)??"none"} in config.json`}`)}var Le={rows:0,columns:0};function Mr({rows:e,columns:t}){return e===0||t===0?1:e*t+1}var Nr="preprocessor_config.json",Vt="processor_config.json",ta=[Nr,Vt];function Gl(e){let t=new Map(ta.filter(o=>e.has(o)).map(o=>[o,Cb(o,e.get(o))])),r=t.get(Vt)?.image_processor??void 0;if(r!==void 0&&!Vl(r))throw new b(`${Vt}: expected image_processor to be an object, found ${JSON.stringify(r)}`);let n=r??t.get(Nr);if(n===void 0)throw new b(`expected ${Nr}, or ${Vt} with an image_processor, found ${t.has(Vt)?`a ${Vt} without one`:"neither"}. Bring back the files that were saved with the model`);return{file:r===void 0?Nr:`${Vt}, image_processor`,settings:n,save:o=>new Map([...t].map(([s,i])=>{let a=s===Nr?i:r;if(!Object.entries(o).some(([f,l])=>a!==void 0&&a[f]!==l))return[s,e.get(s)];let u=s===Nr?{...i,...o}:{...i,image_processor:{...a,...o}};return[s,new TextEncoder().encode(JSON.stringify(u,null,2)+`
`)]}))}}function Vl(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}function Cb(e,t){let r;try{r=JSON.parse(new TextDecoder().decode(t))}catch(n){throw new b(`${e}: expected JSON, found ${n.message}`)}if(Vl(r))return r;throw new b(`${e}: expected an object, found ${Array.isArray(r)?"a list":String(r)}`)}var ra=e=>e===0?1:Math.sin(e*Math.PI)/(e*Math.PI),Hl=[Math.fround(.54),Math.fround(.46)],Ib={1:{support:3,weight:e=>-3<=e&&e<3?ra(e)*ra(e/3):0},2:{support:1,weight:e=>Math.max(0,1-Math.abs(e))},3:{support:2,weight(e){let t=Math.abs(e),r=-.5;return t<1?((r+2)*t-(r+3))*t*t+1:t<2?(((t-5)*t+8)*t-4)*r:0}},4:{support:.5,weight:e=>-.5<e&&e<=.5?1:0},5:{support:1,weight(e){let t=Math.abs(e);return t===0?1:t>=1?0:ra(t)*(Hl[0]+Hl[1]*Math.cos(t*Math.PI))}}},na=["nearest","Lanczos","bilinear","bicubic","box","Hamming"];var Cr=22;function Mn(e,t,r){let{support:n,weight:o}=Ib[e],s=t/r,i=Math.max(s,1),a=1/i,c=n*i,u=Math.ceil(c)*2+1,f=new Int32Array(r),l=new Int32Array(r),d=new Int32Array(r*u);for(let p=0;p<r;p++){let h=(p+.5)*s,g=Math.max(0,Math.trunc(h-c+.5)),m=Math.min(t,Math.trunc(h+c+.5)),w=[],_=0;for(let y=g;y<m;y++){let E=o((y-h+.5)*a);w.push(E),_+=E}f[p]=g,l[p]=w.length;for(let[y,E]of w.entries()){let x=(_===0?E:E/_)*2**Cr;d[p*u+y]=Math.trunc(x+(x<0?-.5:.5))}}return{first:f,count:l,weights:d,taps:u}}var Rb=new Set(["image_processor_type","feature_extractor_type","processor_class","auto_map","_valid_processor_keys","do_convert_rgb","return_tensors","return_row_col_info","input_data_format","device","disable_grouping","image_seq_length","video_sampling","model_input_names"]),oa={data_format:"channels_first",use_square_size:!1,antialias:!0,do_reduce_labels:!1},Jl=2**14,sa=class{file;fields;constructor(t,r){this.file=t,this.fields=r}wrong(t,r){let n=JSON.stringify(r)??"none";return new b(`${this.file}: expected ${t}, found ${n.length>200?n.slice(0,200)+"...":n}`)}flag(t){let r=this.fields[t];if(typeof r!="boolean")throw this.wrong(`${t} to be true or false`,r);return r}number(t){let r=this.fields[t];if(typeof r!="number"||!Number.isFinite(r))throw this.wrong(`${t} to be a number`,r);return r}colours(t){let r=this.fields[t],n=typeof r=="number"?[r,r,r]:r;if(Array.isArray(n)&&n.length===3&&n.every(o=>Number.isFinite(o)))return n;throw this.wrong(`${t} to be three numbers, or one`,r)}size(t,r){let n=this.fields[t],o=`${t} to be {height, width}, {shortest_edge}, {longest_edge} or a number of pixels`,s=l=>{if(Number.isInteger(l)&&l>0&&l<=Jl)return l;throw this.wrong(`${o}, 1 to ${Jl}`,n)};if(typeof n=="number")return r?{height:s(n),width:s(n)}:{shortest:s(n)};if(Array.isArray(n)&&n.length===2)return{height:s(n[0]),width:s(n[1])};if(typeof n!="object"||n===null||Array.isArray(n))throw this.wrong(o,n);let i=Object.entries(n).filter(([,l])=>l!==null).map(([l])=>l).sort().join(),{height:a,width:c,shortest_edge:u,longest_edge:f}=n;if(i==="height,width")return{height:s(a),width:s(c)};if(i==="shortest_edge")return{shortest:s(u)};if(i==="longest_edge")return{longest:s(f)};if(i==="longest_edge,shortest_edge")return{shortest:s(u),longest:s(f)};throw this.wrong(o,n)}};function Xl(e,t,r){let n=Object.fromEntries(Object.entries(t).filter(([,d])=>d!==null)),o={default_to_square:!0,...r,...n},s=new sa(e,o);for(let[d,p]of Object.entries(n))if(!(Object.hasOwn(r,d)||Rb.has(d)||d==="default_to_square")){if(Object.hasOwn(oa,d)){if(p===oa[d])continue;throw s.wrong(`${d} to be ${JSON.stringify(oa[d])}`,p)}if(!(d.startsWith("do_")&&p===!1)&&!(d==="crop_size"&&o.do_center_crop!==!0))throw s.wrong(`no field "${d}", which this kind of processor does not know`,p)}let i=s.flag("default_to_square"),a=s.number("resample");if(!(a in na))throw s.wrong(`resample to be one of ${na.map((d,p)=>`${p} (${d})`).join(", ")}`,a);let c="do_center_crop"in r&&s.flag("do_center_crop")?s.size("crop_size",!0):void 0;if(c!==void 0&&!("height"in c))throw s.wrong("crop_size to be {height, width} or a number of pixels",o.crop_size);let f=s.flag("do_normalize")?s.colours("image_std"):void 0;if(f?.some(d=>d===0))throw s.wrong("image_std to have no 0",f);let l="max_image_size"in r?s.size("max_image_size",!1):void 0;if(l!==void 0&&!("longest"in l))throw s.wrong("max_image_size to be {longest_edge}",o.max_image_size);return{size:s.flag("do_resize")?s.size("size",i):void 0,crop:c,pad:s.flag("do_pad"),filter:a,factor:s.flag("do_rescale")?s.number("rescale_factor"):void 0,mean:s.colours("image_mean"),std:f,tile:l?.longest??0,split:l!==void 0&&s.flag("do_image_splitting")}}var Lb=2**30;function lt(e,t,r,n){if(e.width===t&&e.height===r)return e;let o=r<e.height&&e.height-r>2*(e.width-t),s=3*(o?e.width*r:t*e.height),i=Math.max(3*t*r,n===0?0:s);if(t<1||r<1||i>Lb)throw new b(`expected a picture that is not too narrow to be resized, found ${e.width} x ${e.height} pixels, which would become ${t} x ${r}; crop it or remove the sample`);return n===0?Pb(e,t,r):o?Yl(Co(e,r,n),t,n):Co(Yl(e,t,n),r,n)}function Pb({width:e,height:t,data:r},n,o){let s=(u,f)=>{let l=u/f,d=l*.5;return Int32Array.from({length:f},()=>{let p=Math.trunc(d);return d+=l,p})},i=s(e,n),a=s(t,o),c=new Uint8Array(3*n*o);for(let[u,f]of a.entries())if(!(f>=t))for(let[l,d]of i.entries()){if(d>=e)continue;let p=3*(f*e+d),h=3*(u*n+l);c[h]=r[p],c[h+1]=r[p+1],c[h+2]=r[p+2]}return{width:n,height:o,data:c}}function Yl(e,t,r){let{width:n,height:o,data:s}=e;if(n===t)return e;let i=Mn(r,n,t),a=new Uint8ClampedArray(3*t*o);for(let c=0;c<o;c++)ia(a,3*c*t,s,3*c*n,i);return{width:t,height:o,data:new Uint8Array(a.buffer)}}function ia(e,t,r,n,o){for(let s=0;s<o.first.length;s++)Ql(e,t+3*s,r,n+3*o.first[s],3,o,s)}function Co(e,t,r){let{width:n,height:o,data:s}=e;if(o===t)return e;let i=Mn(r,o,t),a=new Uint8ClampedArray(3*n*t);for(let c=0;c<t;c++)for(let u=0;u<n;u++){let f=3*(i.first[c]*n+u);Ql(a,3*(c*n+u),s,f,3*n,i,c)}return{width:n,height:t,data:new Uint8Array(a.buffer)}}function Ql(e,t,r,n,o,{weights:s,count:i,taps:a},c){let u=1<<Cr-1,f=u,l=u,d=c*a,p=d+i[c];for(let h=d,g=n;h<p;h++,g+=o){let m=s[h];u=u+r[g]*m|0,f=f+r[g+1]*m|0,l=l+r[g+2]*m|0}e[t]=u>>Cr,e[t+1]=f>>Cr,e[t+2]=l>>Cr}function ef(e,t,r){if(e.width===t&&e.height===r)return e;let n=Math.floor((e.width-t)/2),o=Math.floor((e.height-r)/2);return aa(e,n,o,t,r)}function aa(e,t,r,n,o){let s=new Uint8Array(3*n*o),i=Math.max(0,t),a=Math.min(e.width,t+n);for(let c=Math.max(0,r);c<Math.min(e.height,r+o)&&i<a;c++){let u=e.data.subarray(3*(c*e.width+i),3*(c*e.width+a));s.set(u,3*((c-r)*n+i-t))}return{width:n,height:o,data:s}}function tf(e,t,r,n){let{width:o,height:s,data:i}=e,a=Math.max(o,s),c=r??a,u=Math.floor((a-s)/2),f=Math.floor((a-o)/2),l=Zl(t,a),d=n!==0&&c!==a,p=new Uint8ClampedArray(Zl(t,(d?c:a)*a).buffer),h=d?Mn(n,a,c):void 0;for(let m=0;m<s;m++)l.set(i.subarray(3*m*o,3*(m+1)*o),3*f),h===void 0?p.set(l,3*a*(m+u)):ia(p,3*c*(m+u),l,0,h);let g={width:d?c:a,height:a,data:new Uint8Array(p.buffer)};return d?Co(g,c,n):lt(g,c,c,n)}function Zl(e,t){let r=new Uint8Array(3*t);r.set(e);for(let n=3;n<r.length;n*=2)r.copyWithin(n,0,Math.min(n,r.length-n));return r}var Nn=4096;function Bb({width:e,height:t},r){let n=e/t,o=e>=t,s=a=>Math.max(1,a+a%2),i=o?{width:r,height:s(Math.trunc(r/n))}:{width:s(Math.trunc(r*n)),height:r};if(r>Nn){let a=i.width/i.height;i=i.width>=i.height?{width:Nn,height:Math.max(1,Math.trunc(Nn/a))}:{width:Math.max(1,Math.trunc(Nn*a)),height:Nn}}return i}function rf(e,{size:t}){if(t===void 0)return e;if("height"in t)return{width:t.width,height:t.height};if("shortest"in t)throw new Error("shortest_edge is refused when settings are read");return Bb(e,t.longest)}function nf({width:e,height:t},r){let n=s=>Math.max(1,Math.ceil(s/r))*r,o=e/t;return e>=t?{width:n(e),height:n(Math.trunc(n(e)/o))}:{width:n(Math.trunc(n(t)*o)),height:n(t)}}function ca(e,t){if(!t.split)return Le;let{width:r,height:n}=nf(rf(e,t),t.tile);return r<=t.tile&&n<=t.tile?Le:{rows:n/t.tile,columns:r/t.tile}}function of(e,t){let{tile:r,filter:n}=t,o=rf(e,t),s=lt(e,o.width,o.height,n),i=l=>lt(l,r,r,n).data;if(!t.split)return{tiles:[i(s)],grid:Le};let a=nf(o,r),c=lt(s,a.width,a.height,n),u=ca(e,t),f=[];for(let l=0;l<u.rows;l++)for(let d=0;d<u.columns;d++)f.push(aa(c,d*r,l*r,r,r).data);return{tiles:[...f,i(c)],grid:u}}function sf({size:e,crop:t,pad:r}){let n=t??(e!==void 0&&"height"in e?e:void 0);return n!==void 0?n.height===n.width?n.height:null:r&&e!==void 0&&"shortest"in e?ua(e):void 0}function ua({shortest:e,longest:t}){return Math.min(e,t??e)}function af(e,{size:t,crop:r,pad:n,filter:o,mean:s}){let i=e;if(n){let a=s.map(u=>Math.trunc(u*255)),c=t!==void 0&&"shortest"in t?ua(t):void 0;i=tf(e,a,c,o),t!==void 0&&"height"in t&&(i=lt(i,t.width,t.height,o))}else if(t!==void 0){let{width:a,height:c}=uf(e,t);i=lt(e,a,c,o)}return r===void 0?i:ef(i,r.width,r.height)}function cf(e,t){let{size:r,crop:n,pad:o}=t,{width:s,height:i}=e,a={x:0,y:0,width:1,height:1};if(o){let f=Math.max(s,i),l=-Math.floor((f-s)/2)/s,d=-Math.floor((f-i)/2)/i;a={x:l,y:d,width:f/s,height:f/i},s=i=r!==void 0&&"height"in r?r.width:r!==void 0&&"shortest"in r?ua(r):f}else r!==void 0&&({width:s,height:i}=uf(e,r));if(n===void 0)return a;let c=Math.floor((s-n.width)/2),u=Math.floor((i-n.height)/2);return{x:a.x+c/s*a.width,y:a.y+u/i*a.height,width:n.width/s*a.width,height:n.height/i*a.height}}function uf({width:e,height:t},r){if("height"in r)return r;if(!("shortest"in r))throw new Error("longest_edge alone is refused when settings are read");let[n,o]=[Math.min(e,t),Math.max(e,t)],s=r.shortest,i=s;r.longest!==void 0&&o/n*s>r.longest&&(i=r.longest*n/o,s=jb(i));let a=n===s&&r.longest!==void 0?o:Math.trunc(i*o/n);return e<=t?{width:s,height:a}:{width:a,height:s}}function jb(e){let t=Math.floor(e),r=e-t;return r>.5||r===.5&&t%2===1?t+1:t}function lf(e,t,r={}){let n=Gl(e),{file:o}=n,{kind:s,defaults:i,name:a}=Kl(o,n.settings,t),c=Xl(o,n.settings,i),u={...c,pad:c.pad&&a==="LlavaImageProcessor",split:s==="tiles"&&r.whole!==!0&&c.split},f=s==="tiles"?u.tile:qb(o,u,t);s==="tiles"?Wb(o,u):Db(o,u);let l=h=>{if(s==="tiles")return of(h,u);let g=af(h,u);if(g.width===f&&g.height===f)return{tiles:[g.data],grid:Le};throw new b(`expected a picture that becomes ${f} x ${f} pixels by the settings in ${o}, found one of ${h.width} x ${h.height} that becomes ${g.width} x ${g.height}; set do_center_crop, or a size of {height, width}, there`)},d=Ub(u),p=h=>Fb(h,d);return{size:f,splits:u.split,exif:r.exif===!0,maxPixels:r.maxPixels,mean:u.mean,std:u.std??[1,1,1],grid:(h,g)=>s==="tiles"?ca({width:h,height:g},u):Le,shown:(h,g)=>s==="tiles"?zb:cf({width:h,height:g},u),tileCount:Mr,cut:l,normalise:p,picture(h){let{tiles:g,grid:m}=l(h);return{tiles:g.map(p),grid:m}},files:()=>n.save(u.split===c.split?{}:{do_image_splitting:u.split}),recipe:{files:new Map([...e].filter(([h])=>ta.includes(h))),config:t,options:r}}}var zb={x:0,y:0,width:1,height:1};function qb(e,t,r){let n=sf(t);if(n===null)throw new b(`${e}: expected settings that make squares, found crop_size ${JSON.stringify(t.crop)??"none"} and size ${JSON.stringify(t.size)??"none"}`);if(n!==void 0)return n;let o=r.vision_config,{image_size:s}=typeof o=="object"&&o!==null?o:{image_size:void 0};if(Number.isInteger(s)&&s>0)return s;throw new b(`${e}: expected do_center_crop, a size of {height, width}, or vision_config.image_size in config.json, found nothing that says how large a picture is in the end`)}function Db(e,{size:t}){if(!(t===void 0||!("longest"in t)||"shortest"in t))throw new b(`${e}: expected a size of {height, width} or {shortest_edge}, found longest_edge alone (${t.longest})`)}function Wb(e,{size:t}){if(!(t===void 0||!("shortest"in t)))throw new b(`${e}: expected a size of {longest_edge} or {height, width}, found shortest_edge (${t.shortest})`)}function Ub({factor:e,mean:t,std:r}){return[0,1,2].map(n=>Float32Array.from({length:256},(o,s)=>{let i=e===void 0?s:e===.00392156862745098?s/255:s*e;return r===void 0?i:(i-t[n])/r[n]}))}function Fb(e,t){let r=e.length/3,n=new Float32Array(e.length);for(let[o,s]of t.entries())for(let i=0;i<r;i++)n[o*r+i]=s[e[3*i+o]];return n}function Ue(e){return`${e.file}, sample ${JSON.stringify(e.id)} (task ${e.task})`}function Io(e,t){return new b(`${Ue(e)}, turn ${t+1}: expected an answer to learn, found ${JSON.stringify(e.turns[t].answer)}; fill it in or remove the turn`)}function Ro(e,t){if(!(Number.isInteger(t)&&t>=0&&t<e.turns.length))throw new RangeError(`${Ue(e)}: expected a turn from 0 to ${e.turns.length-1}, found ${t}`)}function Ir(e,t,r,n){return new b(`${Ue(e)}: expected at most ${n} tokens, found ${t}`+(r>0?` (${r} of them for its images)`:"")+"; shorten it, split its turns over several samples, or raise --max-tokens (up to the model's own limit)")}function Rr(e){let{images:t,turns:r}=e;if(r.every(({places:s})=>s===void 0))return r.map((s,i)=>i===0?t.map(()=>0):[]);let n=r.map(({places:s=[]})=>s),o=n.flat().length;if(o!==t.length)throw new b(`${Ue(e)}: expected as many places as images, found ${o} and ${t.length}`);return n.forEach((s,i)=>{let{length:a}=r[i].question;if(!s.every((c,u)=>Number.isInteger(c)&&c>=(s[u-1]??0)&&c<=a))throw new b(`${Ue(e)}, turn ${i+1}: expected ascending places from 0 to ${a}, found ${s.join(", ")}`)}),n}function Lo(e,t){return[...t,e.length].map((r,n)=>e.slice(t[n-1]??0,r))}function ff(e){let t=0;for(let{mask:r}of e)for(let n=0;n<r.length;n++){if(!r[n])continue;let o=n;for(;r[o];)o++;t=Math.max(t,o-n-1),n=o}return t}function Lr(e,t){return t.reduce((r,n)=>r+e.imageTokens(n),0)}function la(e){return`${e} writes no token that ends an answer: a tuned model may not learn to stop, and its answers run into the limit. Have the template write one after each answer, such as {{ eos_token }}`}function df(e,t){if(e.stops.length>0)return e;let r=la(e.name);return{...e,stops:[t.id],notes:[...e.notes.filter(n=>n!==r),`${e.name} writes no token that ends an answer: ${t.text} is put behind the last answer of each conversation and trained, so that a tuned model stops`],encode(n,o,s){let{ids:i,mask:a,images:c}=e.encode(n,o,s),u=i.length+1;if(u>s.maxTokens)throw Ir(n,u,Lr(e,o),s.maxTokens);let f=a.lastIndexOf(1)+1,l={ids:new Int32Array(u),mask:new Uint8Array(u),images:c};return l.ids.set(i.subarray(0,f)),l.ids[f]=t.id,l.ids.set(i.subarray(f),f+1),l.mask.set(a.subarray(0,f)),l.mask[f]=1,l}}}var pf=1e6;function Cn(e,t){let r=Mr(t);if(e*r<=pf)return e*r;throw new b(`config.json: expected sizes (image_size, patch_size, scale_factor) that make at most ${pf} features an image, found ${e} a tile and ${r} tiles; use the file that came with the model`)}var Kb=new Set(["idefics3","smolvlm"]);function fa({family:e,image:t,perTile:r,names:n},{rows:o,columns:s}){Cn(r,{rows:o,columns:s});let i=t.repeat(r);if(!Kb.has(e))return i;let a=n.get("fake_image_token")??"<fake_token_around_image>",c=`${a}${n.get("global_image_token")??"<global-img>"}${i}${a}`;if(o===0||s===0)return c;let u="";for(let f=1;f<=o;f++){for(let l=1;l<=s;l++)u+=`${a}<row_${f}_col_${l}>${i}`;u+=`
`}return`${u}
${c}`}function Gb(e){let t=n=>{let o=e.id(n);if(o!==void 0)return o;throw new b(`tokenizer.json: expected the special token ${n}, found none. Without a chat template, conversations are laid out as LLaVA 1.5's: bring back chat_template.jinja, if the model came with one`)},r=n=>{let o=e.id(n);return o===void 0?e.encode(n):[o]};return{start:t("<s>"),end:t("</s>"),image:t("<image>"),user:r("USER:"),assistant:r("ASSISTANT:")}}function hf(e,t){let r=Gb(e),n=s=>Cn(t,s);n(Le);let o=(s,i,a,c,{maxTokens:u})=>{if(c.length!==s.images.length)throw new RangeError(`${Ue(s)}: expected ${s.images.length} grids, found ${c.length}`);let f=Rr(s),l=[r.start],d=[],p=0,h=m=>{for(let w of e.encode(m))l.push(w)};s.system!==void 0&&h(s.system);for(let m=0;m<i+(a?1:0);m++){let w=s.turns[m];l.push(...r.user);for(let[y,E]of Lo(w.question,f[m]).entries()){if(h(E),y===f[m].length)break;for(let x=n(c[p++]);x>0;x--)l.push(r.image)}if(l.push(...r.assistant),m===i)break;let _=l.length;if(h(w.answer),l.length===_)throw Io(s,m);l.push(r.end),d.push([_,l.length])}if(l.length>u)throw Ir(s,l.length,Lr({imageTokens:n},c.slice(0,p)),u);let g=new Uint8Array(l.length);for(let[m,w]of d)g.fill(1,m,w);return{ids:Int32Array.from(l),mask:g,images:s.images.slice(0,p)}};return{name:"LLaVA 1.5's layout",imageId:r.image,stops:[r.end],notes:[],imageTokens:n,encode:(s,i,a)=>o(s,s.turns.length,!1,i,a),promptOf(s,i,a,c){Ro(s,i);let{ids:u,images:f}=o(s,i,!0,a,c);return{ids:u,images:f}}}}var da="processor_config.json",pa="tokenizer_config.json";function mf(e){let t=[],r=(i,a)=>{if(a==null)return;let c=Vb(i,a);c!==void 0&&t.push({place:i,text:c})};r(`${da}, chat_template`,In(e,da)?.chat_template),r("chat_template.json",In(e,"chat_template.json")?.chat_template);let n=e.get("chat_template.jinja");n!==void 0&&r("chat_template.jinja",new TextDecoder().decode(n)),r(`${pa}, chat_template`,In(e,pa)?.chat_template);let[o,...s]=t;if(o!==void 0)return{template:o,others:s.filter(({text:i})=>i.trimEnd()!==o.text.trimEnd())}}function Vb(e,t){if(typeof t=="string")return t;let r=Array.isArray(t)?new Map(t.map(o=>[o?.name,o?.template])):new Map(Object.entries(t)),n=r.get("default");if(typeof n=="string")return n;throw new b(`${e}: expected a template, or several with one called "default", found ${r.size===0?JSON.stringify(t):[...r.keys()].join(", ")}. Put the one to use into chat_template.jinja and take this field out`)}function Bo(e){let t=In(e,pa)??{},r=t.extra_special_tokens,n={...Po(r)?r:{},...t},o=new Map;for(let[s,i]of Object.entries(n)){let a=Po(i)?i.content:i;s.endsWith("_token")&&typeof a=="string"&&o.set(s,a)}return o}function gf(e){let t=In(e,da)?.image_token,r=Po(t)?t.content:t;return typeof r=="string"?r:Bo(e).get("image_token")??"<image>"}function In(e,t){let r=e.get(t);if(r===void 0)return;let n;try{n=JSON.parse(new TextDecoder().decode(r))}catch(o){throw new b(`${t}: expected JSON, found ${o.message}`)}if(Po(n))return n;throw new b(`${t}: expected an object, found ${Array.isArray(n)?"a list":String(n)}`)}function Po(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}var W=class extends Error{name="TemplateError"};function Pr(e,t=1048576){if(e>t)throw new W(`it makes a text or list of more than ${t} characters`)}function wf(e,t,r,n){let o=t(e,!1),s=e.flatMap(({role:u},f)=>u==="assistant"?[f]:[]),i=e.map(u=>u.role==="assistant"?_f(u,r):u),a=jo(t(i,!1),r,s.length),c=a?.text===o?a.stretches:void 0;return s.map((u,f)=>{let l=t(e.slice(0,u),!0),d=(_,y)=>{throw new W(`it cannot be told where answer ${f+1} begins and ends, because ${Qb(_,y)}. Put {% generation %} and {% endgeneration %} around what is to be trained in the template`)},p=u===e.length-1;if(c===void 0){let _=p?o:t(e.slice(0,u+1),!1);return o.startsWith(_)||d(_,o),_.startsWith(l)||d(l,_),[l.length,Yb(l.length,_,n)]}let[h,g]=c[f],m=o.startsWith(l)?l.length:Hb(e,u,l,o,h,t,r)??d(l,o),w=o.slice(g);if(!p){let _=t(i.slice(0,u+1),!1),y=jo(_,r,f+1)??d(_,o);w=Jb(w,y.text.slice(y.stretches[f][1]),n)}return m>=g&&d(l,o),[m,Xb(o,g,w,n)]})}function _f(e,{begin:t,end:r}){let{role:n,content:o}=e,s=f=>f.replace(/\S/,l=>t+l),i=f=>f.trimEnd()+r+f.slice(f.trimEnd().length);if(typeof o=="string")return{role:n,content:i(s(o))};let a=o.map(f=>f.type==="text"&&f.text.trim()!==""),[c,u]=[a.indexOf(!0),a.lastIndexOf(!0)];return{role:n,content:o.map((f,l)=>{if(f.type!=="text")return f;let d=l===c?s(f.text):f.text;return{...f,text:l===u?i(d):d}})}}function jo(e,{begin:t,end:r},n){let o=[],s="",i=-1;for(let a of e.split(new RegExp(`([${t}${r}])`)))if(a!==t&&a!==r)s+=a;else{if(a===t!=i<0)return;a===t?i=s.length:(o.push([i,s.length]),i=-1)}return i<0&&o.length===n?{text:s,stretches:o}:void 0}function Hb(e,t,r,n,o,s,i){let a=e.map((d,p)=>p===t-1?_f(d,i):d),c=jo(s(a,!1),i,1),u=jo(s(a.slice(0,t),!0),i,1);if(c?.text!==n||u?.text!==r)return;let f=c.stretches[0][1],l=r.slice(u.stretches[0][1]);return n.slice(f,o).startsWith(l)?f+l.length:void 0}function Jb(e,t,r){let n=0;for(;n<e.length&&e[n]===t[n];)n++;for(let o of[e,t])for(let{index:s,0:i}of o.matchAll(r))s<n&&s+i.length>n&&(n=s);return e.slice(0,n)}function Xb(e,t,r,n){for(let{index:o,0:s}of r.matchAll(n))return t+o+s.length;return e.slice(0,t+r.length).replace(/\n+$/,"").length}function Yb(e,t,r){let n=t.trimEnd(),o=new RegExp(`(?:${r.source})$`,"u").test(n);return n.length>e&&o?n.length:Math.max(e,t.replace(/\n+$/,"").length)}function Qb(e,t){let r=0;for(;r<e.length&&e[r]===t[r];)r++;let n=o=>JSON.stringify(o.slice(Math.max(0,r-10),r+20));return`it writes ${n(e)} for the first messages and ${n(t)} when more follow`}var Zb=Object.defineProperty,ey=(e,t,r)=>t in e?Zb(e,t,{enumerable:!0,configurable:!0,writable:!0,value:r}):e[t]=r,ty=(e,t,r)=>(ey(e,typeof t!="symbol"?t+"":t,r),r),k=Object.freeze({Text:"Text",NumericLiteral:"NumericLiteral",StringLiteral:"StringLiteral",Identifier:"Identifier",Equals:"Equals",OpenParen:"OpenParen",CloseParen:"CloseParen",OpenStatement:"OpenStatement",CloseStatement:"CloseStatement",OpenExpression:"OpenExpression",CloseExpression:"CloseExpression",OpenSquareBracket:"OpenSquareBracket",CloseSquareBracket:"CloseSquareBracket",OpenCurlyBracket:"OpenCurlyBracket",CloseCurlyBracket:"CloseCurlyBracket",Comma:"Comma",Dot:"Dot",Colon:"Colon",Pipe:"Pipe",CallOperator:"CallOperator",AdditiveBinaryOperator:"AdditiveBinaryOperator",MultiplicativeBinaryOperator:"MultiplicativeBinaryOperator",ExponentiationBinaryOperator:"ExponentiationBinaryOperator",ComparisonBinaryOperator:"ComparisonBinaryOperator",UnaryOperator:"UnaryOperator",Comment:"Comment"}),Pe=class{constructor(e,t){this.value=e,this.type=t}};function bf(e){return/\w/.test(e)}function Ht(e){return/[0-9]/.test(e)}function yf(e){return/\s/.test(e)}var ry=[["{%",k.OpenStatement],["%}",k.CloseStatement],["{{",k.OpenExpression],["}}",k.CloseExpression],["(",k.OpenParen],[")",k.CloseParen],["{",k.OpenCurlyBracket],["}",k.CloseCurlyBracket],["[",k.OpenSquareBracket],["]",k.CloseSquareBracket],[",",k.Comma],[".",k.Dot],[":",k.Colon],["|",k.Pipe],["<=",k.ComparisonBinaryOperator],[">=",k.ComparisonBinaryOperator],["==",k.ComparisonBinaryOperator],["!=",k.ComparisonBinaryOperator],["<",k.ComparisonBinaryOperator],[">",k.ComparisonBinaryOperator],["+",k.AdditiveBinaryOperator],["-",k.AdditiveBinaryOperator],["~",k.AdditiveBinaryOperator],["**",k.ExponentiationBinaryOperator],["*",k.MultiplicativeBinaryOperator],["//",k.MultiplicativeBinaryOperator],["/",k.MultiplicativeBinaryOperator],["%",k.MultiplicativeBinaryOperator],["=",k.Equals]],ny=new Map([["n",`
`],["t","	"],["r","\r"],["b","\b"],["f","\f"],["v","\v"],["'","'"],['"','"'],["\\","\\"]]);function oy(e,t={}){return e.endsWith(`
`)&&(e=e.slice(0,-1)),t.lstrip_blocks&&(e=e.replace(/^[ \t]*({[#%-])/gm,"$1")),t.trim_blocks&&(e=e.replace(/([#%-]})\n/g,"$1")),e.replace(/(\s*){%(-?)\s*(?:end)?generation\s*(-?)%}(\s*)/gs,(r,n,o,s,i)=>(o?"":n)+(s?"":i))}function If(e,t={}){let r=[],n=oy(e,t),o=0,s=0,i=u=>{let f="";for(;u(n[o]);){if(n[o]==="\\"){if(++o,o>=n.length)throw new SyntaxError("Unexpected end of input");let l=n[o++];if(l==="x"||l==="u"){let p=l==="x"?2:4,h=n.slice(o,o+p);if(h.length!==p||/[^0-9a-f]/i.test(h))throw new SyntaxError(`Invalid hexadecimal escape sequence: \\${l}${h}`);f+=String.fromCharCode(parseInt(h,16)),o+=p;continue}let d=ny.get(l);if(d===void 0)throw new SyntaxError(`Unexpected escaped character: ${l}`);f+=d;continue}if(f+=n[o++],o>=n.length)throw new SyntaxError("Unexpected end of input")}return f},a=()=>{let u=r.at(-1);u&&u.type===k.Text&&(u.value=u.value.trimEnd(),u.value===""&&r.pop())},c=()=>{for(;o<n.length&&yf(n[o]);)++o};e:for(;o<n.length;){let u=r.at(-1)?.type;if(u===void 0||u===k.CloseStatement||u===k.CloseExpression||u===k.Comment){let l="";for(;o<n.length&&!(n[o]==="{"&&(n[o+1]==="%"||n[o+1]==="{"||n[o+1]==="#"));)l+=n[o++];if(l.length>0){r.push(new Pe(l,k.Text));continue}}if(n[o]==="{"&&n[o+1]==="#"){o+=2;let l=n[o]==="-";l&&++o;let d="";for(;n[o]!=="#"||n[o+1]!=="}";){if(o+2>=n.length)throw new SyntaxError("Missing end of comment tag");d+=n[o++]}let p=d.endsWith("-");p&&(d=d.slice(0,-1)),l&&a(),r.push(new Pe(d,k.Comment)),o+=2,p&&c();continue}if(n.slice(o,o+3)==="{%-"){a(),r.push(new Pe("{%",k.OpenStatement)),o+=3;continue}if(n.slice(o,o+3)==="{{-"){a(),r.push(new Pe("{{",k.OpenExpression)),s=0,o+=3;continue}if(i(yf),n.slice(o,o+3)==="-%}"){r.push(new Pe("%}",k.CloseStatement)),o+=3,c();continue}if(n.slice(o,o+3)==="-}}"){r.push(new Pe("}}",k.CloseExpression)),o+=3,c();continue}let f=n[o];if(f==="-"||f==="+"){let l=r.at(-1)?.type;if(l===k.Text||l===void 0)throw new SyntaxError(`Unexpected character: ${f}`);switch(l){case k.Identifier:case k.NumericLiteral:case k.StringLiteral:case k.CloseParen:case k.CloseSquareBracket:break;default:{++o;let d=i(Ht);if(d.length>0&&n[o]==="."&&Ht(n[o+1])){++o;let p=i(Ht);d=`${d}.${p}`}r.push(new Pe(`${f}${d}`,d.length>0?k.NumericLiteral:k.UnaryOperator));continue}}}for(let[l,d]of ry){if(l==="}}"&&s>0)continue;if(n.slice(o,o+l.length)===l){r.push(new Pe(l,d)),d===k.OpenExpression?s=0:d===k.OpenCurlyBracket?++s:d===k.CloseCurlyBracket&&--s,o+=l.length;continue e}}if(f==="'"||f==='"'){++o;let l=i(d=>d!==f);r.push(new Pe(l,k.StringLiteral)),++o;continue}if(Ht(f)){let l=i(Ht);if(r.at(-1)?.type!==k.Dot&&n[o]==="."&&Ht(n[o+1])){++o;let d=i(Ht);l=`${l}.${d}`}r.push(new Pe(l,k.NumericLiteral));continue}if(bf(f)){let l=i(bf);r.push(new Pe(l,k.Identifier));continue}throw new SyntaxError(`Unexpected character: ${f}`)}return r}var Be=class{type="Statement"},sy=class extends Be{constructor(e){super(),this.body=e}type="Program"},iy=class extends Be{constructor(e,t,r){super(),this.test=e,this.body=t,this.alternate=r}type="If"},ay=class extends Be{constructor(e,t,r,n){super(),this.loopvar=e,this.iterable=t,this.body=r,this.defaultBlock=n}type="For"},cy=class extends Be{type="Break"},uy=class extends Be{type="Continue"},ly=class extends Be{constructor(e,t,r){super(),this.assignee=e,this.value=t,this.body=r}type="Set"},fy=class extends Be{constructor(e,t,r){super(),this.name=e,this.args=t,this.body=r}type="Macro"},dy=class extends Be{constructor(e){super(),this.value=e}type="Comment"},Ee=class extends Be{type="Expression"},py=class extends Ee{constructor(e,t,r){super(),this.object=e,this.property=t,this.computed=r}type="MemberExpression"},vf=class extends Ee{constructor(e,t){super(),this.callee=e,this.args=t}type="CallExpression"},Tt=class extends Ee{constructor(e){super(),this.value=e}type="Identifier"},jr=class extends Ee{constructor(e){super(),this.value=e}type="Literal"},hy=class extends jr{type="IntegerLiteral"},my=class extends jr{type="FloatLiteral"},xf=class extends jr{type="StringLiteral"},gy=class extends jr{type="ArrayLiteral"},$f=class extends jr{type="TupleLiteral"},wy=class extends jr{type="ObjectLiteral"},Br=class extends Ee{constructor(e,t,r){super(),this.operator=e,this.left=t,this.right=r}type="BinaryExpression"},_y=class extends Ee{constructor(e,t){super(),this.operand=e,this.filter=t}type="FilterExpression"},by=class extends Be{constructor(e,t){super(),this.filter=e,this.body=t}type="FilterStatement"},yy=class extends Ee{constructor(e,t){super(),this.lhs=e,this.test=t}type="SelectExpression"},vy=class extends Ee{constructor(e,t,r){super(),this.operand=e,this.negate=t,this.test=r}type="TestExpression"},kf=class extends Ee{constructor(e,t){super(),this.operator=e,this.argument=t}type="UnaryExpression"},xy=class extends Ee{constructor(e=void 0,t=void 0,r=void 0){super(),this.start=e,this.stop=t,this.step=r}type="SliceExpression"},ha=class extends Ee{constructor(e,t){super(),this.key=e,this.value=t}type="KeywordArgumentExpression"},$y=class extends Ee{constructor(e){super(),this.argument=e}type="SpreadExpression"},ky=class extends Ee{constructor(e){super(),this.argument=e}type="KeywordSpreadExpression"},Ey=class extends Be{constructor(e,t,r){super(),this.call=e,this.callerArgs=t,this.body=r}type="CallStatement"},Sy=class extends Ee{constructor(e,t,r){super(),this.condition=e,this.trueExpr=t,this.falseExpr=r}type="Ternary"};function Rf(e){let t=new sy([]),r=0;function n($,S){let O=e[r++];if(!O||O.type!==$)throw new Error(`Parser Error: ${S}. ${O.type} !== ${$}.`);return O}function o($){if(!c($))throw new SyntaxError(`Expected ${$}`);++r}function s(){switch(e[r].type){case k.Comment:return new dy(e[r++].value);case k.Text:return u();case k.OpenStatement:return f();case k.OpenExpression:return l();default:throw new SyntaxError(`Unexpected token type: ${e[r].type}`)}}function i(...$){return r+$.length<=e.length&&$.every((S,O)=>S===e[r+O].type)}function a(...$){return e[r]?.type===k.OpenStatement&&e[r+1]?.type===k.Identifier&&$.includes(e[r+1]?.value)}function c(...$){return r+$.length<=e.length&&$.every((S,O)=>e[r+O].type==="Identifier"&&S===e[r+O].value)}function u(){return new xf(n(k.Text,"Expected text token").value)}function f(){if(n(k.OpenStatement,"Expected opening statement token"),e[r].type!==k.Identifier)throw new SyntaxError(`Unknown statement, got ${e[r].type}`);let $=e[r].value,S;switch($){case"set":++r,S=d();break;case"if":++r,S=p(),n(k.OpenStatement,"Expected {% token"),o("endif"),n(k.CloseStatement,"Expected %} token");break;case"macro":++r,S=h(),n(k.OpenStatement,"Expected {% token"),o("endmacro"),n(k.CloseStatement,"Expected %} token");break;case"for":++r,S=m(),n(k.OpenStatement,"Expected {% token"),o("endfor"),n(k.CloseStatement,"Expected %} token");break;case"call":{++r;let O=null;i(k.OpenParen)&&(O=F("parameters"));let B=C();if(B.type!=="Identifier")throw new SyntaxError("Expected identifier following call statement");let V=F("call");n(k.CloseStatement,"Expected closing statement token");let he=[];for(;!a("endcall");)he.push(s());n(k.OpenStatement,"Expected '{%'"),o("endcall"),n(k.CloseStatement,"Expected closing statement token");let He=new vf(B,V);S=new Ey(He,O,he);break}case"break":++r,n(k.CloseStatement,"Expected closing statement token"),S=new cy;break;case"continue":++r,n(k.CloseStatement,"Expected closing statement token"),S=new uy;break;case"filter":{++r;let O=C();O instanceof Tt&&i(k.OpenParen)&&(O=M(O)),n(k.CloseStatement,"Expected closing statement token");let B=[];for(;!a("endfilter");)B.push(s());n(k.OpenStatement,"Expected '{%'"),o("endfilter"),n(k.CloseStatement,"Expected '%}'"),S=new by(O,B);break}default:throw new SyntaxError(`Unknown statement type: ${$}`)}return S}function l(){n(k.OpenExpression,"Expected opening expression token");let $=w();return n(k.CloseExpression,"Expected closing expression token"),$}function d(){let $=g(),S=null,O=[];if(i(k.Equals))++r,S=g();else{for(n(k.CloseStatement,"Expected %} token");!a("endset");)O.push(s());n(k.OpenStatement,"Expected {% token"),o("endset")}return n(k.CloseStatement,"Expected closing statement token"),new ly($,S,O)}function p(){let $=w();n(k.CloseStatement,"Expected closing statement token");let S=[],O=[];for(;!a("elif","else","endif");)S.push(s());if(a("elif")){++r,++r;let B=p();O.push(B)}else if(a("else"))for(++r,++r,n(k.CloseStatement,"Expected closing statement token");!a("endif");)O.push(s());return new iy($,S,O)}function h(){let $=C();if($.type!=="Identifier")throw new SyntaxError("Expected identifier following macro statement");let S=F("parameters");n(k.CloseStatement,"Expected closing statement token");let O=[];for(;!a("endmacro");)O.push(s());return new fy($,S,O)}function g($=!1){let S=$?C:w,O=[S()],B=i(k.Comma);for(;B&&(++r,O.push(S()),!!i(k.Comma)););return B?new $f(O):O[0]}function m(){let $=g(!0);if(!($ instanceof Tt||$ instanceof $f))throw new SyntaxError(`Expected identifier/tuple for the loop variable, got ${$.type} instead`);if(!c("in"))throw new SyntaxError("Expected `in` keyword following loop variable");++r;let S=w();n(k.CloseStatement,"Expected closing statement token");let O=[];for(;!a("endfor","else");)O.push(s());let B=[];if(a("else"))for(++r,++r,n(k.CloseStatement,"Expected closing statement token");!a("endfor");)B.push(s());return new ay($,S,O,B)}function w(){return _()}function _(){let $=y();if(c("if")){++r;let S=y();if(c("else")){++r;let O=_();return new Sy(S,$,O)}else return new yy($,S)}return $}function y(){let $=E();for(;c("or");){let S=e[r];++r;let O=E();$=new Br(S,$,O)}return $}function E(){let $=x();for(;c("and");){let S=e[r];++r;let O=x();$=new Br(S,$,O)}return $}function x(){let $;for(;c("not");){let S=e[r];++r;let O=x();$=new kf(S,O)}return $??v()}function v(){let $=A();for(;;){let S;if(c("not","in"))S=new Pe("not in",k.Identifier),r+=2;else if(c("in"))S=e[r++];else if(i(k.ComparisonBinaryOperator))S=e[r++];else break;let O=A();$=new Br(S,$,O)}return $}function A(){let $=Ce();for(;i(k.AdditiveBinaryOperator);){let S=e[r];++r;let O=Ce();$=new Br(S,$,O)}return $}function I(){let $=ot(C());return i(k.OpenParen)?M($):$}function M($){let S=new vf($,F("call"));return S=ot(S),i(k.OpenParen)&&(S=M(S)),S}function F($){n(k.OpenParen,"Expected opening parenthesis for arguments list");let S=we($);return n(k.CloseParen,"Expected closing parenthesis for arguments list"),S}function we($){let S=[],O=new Set,B=!1,V=!1;for(;!i(k.CloseParen);){let he=i(k.ExponentiationBinaryOperator),He=i(k.MultiplicativeBinaryOperator)&&e[r].value==="*";if($==="parameters"&&(he||He))throw new SyntaxError("Argument unpacking is not allowed in parameter declarations");if(he){if(++r,S.push(new ky(w())),i(k.Comma)&&++r,!i(k.CloseParen))throw new SyntaxError("Expected closing parenthesis: `**` must be applied to the final argument");break}let fe;if(He){if(V)throw new SyntaxError("Only one `*` argument unpacking is allowed");V=!0,++r;let We=w();fe=new $y(We)}else{if(fe=w(),i(k.Equals)){if(++r,!(fe instanceof Tt))throw new SyntaxError($==="parameters"?"Expected identifier for parameter declaration":"Expected identifier for keyword argument");let We=w();fe=new ha(fe,We)}if($==="parameters"){if(!(fe instanceof Tt||fe instanceof ha))throw new SyntaxError("Expected identifier for parameter declaration");let We=fe instanceof Tt?fe.value:fe.key.value;if(O.has(We))throw new SyntaxError(`Duplicate parameter name: ${We}`);O.add(We)}if(fe instanceof ha)B=!0;else{if(B)throw new SyntaxError($==="call"?"Positional arguments must come before keyword arguments":"Non-default argument follows default argument");if(V)throw new SyntaxError("Positional arguments must not follow `*` argument unpacking")}}S.push(fe),i(k.Comma)&&++r}return S}function _e(){let $=[],S=!1;for(;!i(k.CloseSquareBracket);)i(k.Colon)?($.push(void 0),++r,S=!0):($.push(w()),i(k.Colon)&&(++r,S=!0));if($.length===0)throw new SyntaxError("Expected at least one argument for member/slice expression");if(S){if($.length>3)throw new SyntaxError("Expected 0-3 arguments for slice expression");return new xy(...$)}return $[0]}function ot($){for(;i(k.Dot)||i(k.OpenSquareBracket);){let S=e[r];++r;let O,B=S.type===k.OpenSquareBracket;if(B)O=_e(),n(k.CloseSquareBracket,"Expected closing square bracket");else if(O=C(),O.type!=="Identifier"&&O.type!=="IntegerLiteral")throw new SyntaxError("Expected identifier or integer following dot operator");$=new py($,O,B)}return $}function Ce(){let $=De();for(;i(k.MultiplicativeBinaryOperator);){let S=e[r++],O=De();$=new Br(S,$,O)}return $}function De(){let $=ie();for(;i(k.ExponentiationBinaryOperator);){let S=e[r++],O=ie();$=new Br(S,$,O)}return $}function ie(){let $=N();for(;c("is");){++r;let S=c("not");S&&++r;let O=C();if(!(O instanceof Tt))throw new SyntaxError("Expected identifier for the test");$=new vy($,S,O)}return $}function N(){let $=z();for(;i(k.Pipe);){++r;let S=C();if(!(S instanceof Tt))throw new SyntaxError("Expected identifier for the filter");i(k.OpenParen)&&(S=M(S)),$=new _y($,S)}return $}function z(){let $=e[r];if($&&($.type===k.UnaryOperator||$.type===k.AdditiveBinaryOperator)&&($.value==="-"||$.value==="+")){let S=e[r++],O=z();return new kf(S,O)}return I()}function C(){let $=e[r++];switch($.type){case k.NumericLiteral:{let S=$.value;return S.includes(".")?new my(Number(S)):new hy(Number(S))}case k.StringLiteral:{let S=$.value;for(;i(k.StringLiteral);)S+=e[r++].value;return new xf(S)}case k.Identifier:return new Tt($.value);case k.OpenParen:{let S=g();return n(k.CloseParen,"Expected closing parenthesis, got ${tokens[current].type} instead."),S}case k.OpenSquareBracket:{let S=[];for(;!i(k.CloseSquareBracket);)S.push(w()),i(k.Comma)&&++r;return++r,new gy(S)}case k.OpenCurlyBracket:{let S=new Map;for(;!i(k.CloseCurlyBracket);){let O=w();n(k.Colon,"Expected colon between key and value in object literal");let B=w();S.set(O,B),i(k.Comma)&&++r}return++r,new wy(S)}default:throw new SyntaxError(`Unexpected token: ${$.type}`)}}for(;r<e.length;)t.body.push(s());return t}function Ef(e,t,r,n=1){let o=Math.sign(n);o>=0?(t=(t??=0)<0?Math.max(e.length+t,0):Math.min(t,e.length),r=(r??=e.length)<0?Math.max(e.length+r,0):Math.min(r,e.length)):(t=(t??=e.length-1)<0?Math.max(e.length+t,-1):Math.min(t,e.length-1),r=(r??=-1)<-1?Math.max(e.length+r,-1):Math.min(r,e.length-1));let s=[];for(let i=t;o*i<o*r;i+=n)s.push(e[i]);return s}function Ay(e){return e.replace(/\b\w/g,t=>t.toUpperCase())}function Oy(e){return e.replace(/[.*+?^${}()|[\]\\]/g,"\\$&")}function Ty(e,t,r,n){if(n===0)return e;let o=n==null||n<0?1/0:n,s=t.length===0?new RegExp("(?=)","gu"):new RegExp(Oy(t),"gu");return e.replaceAll(s,i=>o>0?(--o,r):i)}var Sf=class extends Error{},Af=class extends Error{},My=new Map,Fe=class{type="RuntimeValue";value;get builtins(){return My}constructor(e=void 0){this.value=e}__bool__(){return new L(!!this.value)}toString(){return String(this.value)}},P=class extends Fe{type="IntegerValue"},U=class extends Fe{type="FloatValue";toString(){return Object.is(this.value,-0)?"-0.0":this.value%1===0?this.value.toFixed(1):this.value.toString()}},T=class extends Fe{type="StringValue";_builtins;get builtins(){return this._builtins??=new Map([["upper",new Y(()=>new T(this.value.toUpperCase()))],["lower",new Y(()=>new T(this.value.toLowerCase()))],["strip",new Y(()=>new T(this.value.trim()))],["title",new Y(()=>new T(Ay(this.value)))],["capitalize",new Y(()=>new T(this.value.charAt(0).toUpperCase()+this.value.slice(1)))],["length",new P(this.value.length)],["rstrip",new Y(()=>new T(this.value.trimEnd()))],["lstrip",new Y(()=>new T(this.value.trimStart()))],["startswith",new Y(e=>{if(e.length===0)throw new Error("startswith() requires at least one argument");let t=e[0];if(t instanceof T)return new L(this.value.startsWith(t.value));if(t instanceof D){for(let r of t.value){if(!(r instanceof T))throw new Error("startswith() tuple elements must be strings");if(this.value.startsWith(r.value))return new L(!0)}return new L(!1)}throw new Error("startswith() argument must be a string or tuple of strings")})],["endswith",new Y(e=>{if(e.length===0)throw new Error("endswith() requires at least one argument");let t=e[0];if(t instanceof T)return new L(this.value.endsWith(t.value));if(t instanceof D){for(let r of t.value){if(!(r instanceof T))throw new Error("endswith() tuple elements must be strings");if(this.value.endsWith(r.value))return new L(!0)}return new L(!1)}throw new Error("endswith() argument must be a string or tuple of strings")})],["split",new Y(e=>{let t=e[0]??new Z;if(!(t instanceof T||t instanceof Z))throw new Error("sep argument must be a string or null");let r=e[1]??new P(-1);if(!(r instanceof P))throw new Error("maxsplit argument must be a number");let n=[];if(t instanceof Z){let o=this.value.trimStart();for(let{0:s,index:i}of o.matchAll(/\S+/g)){if(r.value!==-1&&n.length>=r.value&&i!==void 0){n.push(s+o.slice(i+s.length));break}n.push(s)}}else{if(t.value==="")throw new Error("empty separator");n=this.value.split(t.value),r.value!==-1&&n.length>r.value&&n.push(n.splice(r.value).join(t.value))}return new D(n.map(o=>new T(o)))})],["replace",new Y(e=>{if(e.length<2)throw new Error("replace() requires at least two arguments");let t=e[0],r=e[1];if(!(t instanceof T&&r instanceof T))throw new Error("replace() arguments must be strings");let n;if(e.length>2?e[2].type==="KeywordArgumentsValue"?n=e[2].value.get("count")??new Z:n=e[2]:n=new Z,!(n instanceof P||n instanceof Z))throw new Error("replace() count argument must be a number or null");return new T(Ty(this.value,t.value,r.value,n.value))})]])}},L=class extends Fe{type="BooleanValue"},Ny=/[\x7f-\uffff]/g;function Of(e){return e.replace(Ny,t=>"\\u"+t.charCodeAt(0).toString(16).padStart(4,"0"))}function Mt(e,t={},r=0,n=!0){let{indent:o=null,ensureAscii:s=!1,separators:i=null,sortKeys:a=!1}=t,c,u;switch(i?[c,u]=i:o?(c=",",u=": "):(c=", ",u=": "),e.type){case"NullValue":return"null";case"UndefinedValue":return n?"null":"undefined";case"IntegerValue":case"FloatValue":case"BooleanValue":return JSON.stringify(e.value);case"StringValue":{let f=JSON.stringify(e.value);return s&&(f=Of(f)),f}case"ArrayValue":case"NamespaceValue":case"ObjectValue":{let f=o?" ".repeat(o):"",l=`
`+f.repeat(r),d=l+f;if(e.type==="ArrayValue"){let p=e.value.map(h=>Mt(h,t,r+1,n));return o&&p.length>0?`[${d}${p.join(`${c}${d}`)}${l}]`:`[${p.join(c)}]`}else{let p=Array.from(e.value.entries());a&&(p=p.sort(([g],[m])=>g.localeCompare(m)));let h=p.map(([g,m])=>{let w=JSON.stringify(g);s&&(w=Of(w));let _=`${w}${u}${Mt(m,t,r+1,n)}`;return o?`${d}${_}`:_});return o&&h.length>0?`{${h.join(c)}${l}}`:`{${h.join(c)}}`}}default:throw new Error(`Cannot convert to JSON: ${e.type}`)}}var be=class extends Fe{type="ObjectValue";_builtins;__bool__(){return new L(this.value.size>0)}get builtins(){return this._builtins??=new Map([["get",new Y(([e,t])=>{if(!(e instanceof T))throw new Error(`Object key must be a string: got ${e.type}`);return this.value.get(e.value)??t??new Z})],["items",new Y(()=>this.items())],["keys",new Y(()=>this.keys())],["values",new Y(()=>this.values())],["dictsort",new Y(e=>{let t=new Map,r=e.filter(a=>a instanceof Jt?(t=a.value,!1):!0),n=r.at(0)??t.get("case_sensitive")??new L(!1);if(!(n instanceof L))throw new Error("case_sensitive must be a boolean");let o=r.at(1)??t.get("by")??new T("key");if(!(o instanceof T))throw new Error("by must be a string");if(!["key","value"].includes(o.value))throw new Error("by must be either 'key' or 'value'");let s=r.at(2)??t.get("reverse")??new L(!1);if(!(s instanceof L))throw new Error("reverse must be a boolean");let i=Array.from(this.value.entries()).map(([a,c])=>new D([new T(a),c])).sort((a,c)=>{let u=o.value==="key"?0:1,f=a.value[u],l=c.value[u],d=ma(f,l,n.value);return s.value?-d:d});return new D(i)})]])}items(){return new D(Array.from(this.value.entries()).map(([e,t])=>new D([new T(e),t])))}keys(){return new D(Array.from(this.value.keys()).map(e=>new T(e)))}values(){return new D(Array.from(this.value.values()))}toString(){return Mt(this,{},0,!1)}},Jt=class extends be{type="KeywordArgumentsValue"},wa=class extends Fe{type="NamespaceValue";toString(){return Mt(this,{},0,!1)}},D=class extends Fe{type="ArrayValue";_builtins;get builtins(){return this._builtins??=new Map([["length",new P(this.value.length)]])}__bool__(){return new L(this.value.length>0)}toString(){return Mt(this,{},0,!1)}},Tf=class extends D{type="TupleValue"},Y=class extends Fe{type="FunctionValue"},Z=class extends Fe{type="NullValue"},X=class extends Fe{type="UndefinedValue"};function Cy(e){let t;if(e instanceof D?t=e.value:e instanceof T&&(t=Array.from(e.value,o=>new T(o))),!t||t.length!==2)throw new Error("namespace expected an object or an iterable of [key, value] pairs");let[r,n]=t;if(!(r instanceof T))throw new Error("namespace keys must be strings");return[r,n]}var Lf=class{constructor(e){this.parent=e}variables=new Map([["namespace",new Y(e=>{let t=e.slice(),r;if(t.at(-1)instanceof Jt&&(r=t.pop()),t.length>1)throw new Error(`namespace expected at most 1 argument, got ${t.length}`);let n=new Map;if(t.length===1){let o=t[0];if(o instanceof be)for(let[s,i]of o.value)n.set(s,i);else if(o instanceof D)for(let s of o.value){let[i,a]=Cy(s);n.set(i.value,a)}else throw new Error(`'${o.type}' object is not iterable`)}if(r)for(let[o,s]of r.value)n.set(o,s);return new wa(n)})]]);tests=Lf.TESTS;set(e,t){return this.declareVariable(e,qo(t))}declareVariable(e,t){if(this.variables.has(e))throw new SyntaxError(`Variable already declared: ${e}`);return this.variables.set(e,t),t}setVariable(e,t){return this.variables.set(e,t),t}resolve(e){if(this.variables.has(e))return this;if(this.parent)return this.parent.resolve(e);throw new Error(`Unknown variable: ${e}`)}lookupVariable(e){try{return this.resolve(e).variables.get(e)??new X}catch{return new X}}},Me=Lf;ty(Me,"TESTS",new Map([["boolean",e=>e.type==="BooleanValue"],["callable",e=>e instanceof Y],["odd",e=>{if(!(e instanceof P))throw new Error(`cannot odd on ${e.type}`);return e.value%2!==0}],["even",e=>{if(!(e instanceof P))throw new Error(`cannot even on ${e.type}`);return e.value%2===0}],["false",e=>e.type==="BooleanValue"&&!e.value],["true",e=>e.type==="BooleanValue"&&e.value],["none",e=>e.type==="NullValue"],["string",e=>e.type==="StringValue"],["number",e=>e instanceof P||e instanceof U],["integer",e=>e instanceof P],["iterable",e=>e.type==="ArrayValue"||e.type==="StringValue"],["mapping",e=>e instanceof be],["sequence",e=>e instanceof D||e instanceof be||e instanceof T],["lower",e=>{let t=e.value;return e.type==="StringValue"&&t===t.toLowerCase()}],["upper",e=>{let t=e.value;return e.type==="StringValue"&&t===t.toUpperCase()}],["none",e=>e.type==="NullValue"],["defined",e=>e.type!=="UndefinedValue"],["undefined",e=>e.type==="UndefinedValue"],["equalto",(e,t)=>e.value===t.value],["eq",(e,t)=>e.value===t.value]]));function zo(e){return e instanceof be||e instanceof wa}function Do(e){return e instanceof P||e instanceof U||e instanceof L}function Wo(e){return e instanceof L?Number(e.value):e.value}function Mf(e,t){let r=t.split("."),n=e;for(let o of r)if(zo(n))n=n.value.get(o)??new X;else if(n instanceof D){let s=parseInt(o,10);if(!isNaN(s)&&s>=0&&s<n.value.length)n=n.value[s];else return new X}else return new X;return n}function ma(e,t,r=!1){if(e instanceof Z&&t instanceof Z)return 0;if(e instanceof Z||t instanceof Z)throw new Error(`Cannot compare ${e.type} with ${t.type}`);if(e instanceof X&&t instanceof X)return 0;if(e instanceof X||t instanceof X)throw new Error(`Cannot compare ${e.type} with ${t.type}`);if(Do(e)&&Do(t)){let n=Wo(e),o=Wo(t);return n<o?-1:n>o?1:0}if(e.type!==t.type)throw new Error(`Cannot compare different types: ${e.type} and ${t.type}`);switch(e.type){case"StringValue":{let n=e.value,o=t.value;return r||(n=n.toLowerCase(),o=o.toLowerCase()),n<o?-1:n>o?1:0}default:throw new Error(`Cannot compare type: ${e.type}`)}}function ga(e){if(e.type==="Identifier")return{name:e.value};let t=e;return{name:t.key.value,defaultValue:t.value}}function Nf(e){return e==="kwargs"||e==="varargs"}function Cf(e,t){let r=new Set,n=new Set,o=f=>{Nf(f)&&r.add(f)},s=f=>{if(f.type==="Identifier")o(f.value);else if(f.type==="TupleLiteral")for(let l of f.value)s(l)},i=f=>{o(ga(f).name)},a=f=>{for(let l of f){let d=ga(l);d.defaultValue&&u(d.defaultValue)}},c=f=>{f.type==="CallExpression"&&u(f.args)},u=f=>{if(Array.isArray(f)){for(let l of f)u(l);return}if(f instanceof Map){for(let[l,d]of f)u(l),u(d);return}if(f instanceof Be)switch(f.type){case"For":{let l=f;if(s(l.loopvar),l.iterable.type==="SelectExpression"){let d=l.iterable;u(d.lhs),u(l.body),u(l.defaultBlock),u(d.test);return}u(l.iterable),u(l.body),u(l.defaultBlock);return}case"Set":{let l=f;s(l.assignee),u(l.value),u(l.body);return}case"Macro":{let l=f;for(let d of l.args)i(d);a(l.args),u(l.body);return}case"CallStatement":{let l=f;u(l.call);for(let d of l.callerArgs??[])i(d);a(l.callerArgs??[]),u(l.body);return}case"FilterStatement":{let l=f;u(l.body),c(l.filter);return}case"Identifier":{let l=f.value;Nf(l)&&!r.has(l)&&n.add(l);return}case"MemberExpression":{let l=f;u(l.object),l.computed&&u(l.property);return}case"FilterExpression":{let l=f;u(l.operand),c(l.filter);return}case"TestExpression":u(f.operand);return;case"SelectExpression":{let l=f;u(l.test),u(l.lhs);return}case"KeywordArgumentExpression":u(f.value);return;default:for(let l of Object.values(f))u(l)}};for(let f of e)i(f);return u(t),n}var Pf=class{global;constructor(e){this.global=e??new Me}run(e){return this.evaluate(e,this.global)}evaluateBinaryExpression(e,t){let r=this.evaluate(e.left,t);switch(e.operator.value){case"and":return r.__bool__().value?this.evaluate(e.right,t):r;case"or":return r.__bool__().value?r:this.evaluate(e.right,t)}let n=this.evaluate(e.right,t);switch(e.operator.value){case"==":return new L(r.value==n.value);case"!=":return new L(r.value!=n.value)}if(r instanceof X||n instanceof X){if(n instanceof X&&["in","not in"].includes(e.operator.value))return new L(e.operator.value==="not in");throw new Error(`Cannot perform operation ${e.operator.value} on undefined values`)}else{if(r instanceof Z||n instanceof Z)throw new Error("Cannot perform operation on null values");if(e.operator.value==="~")return new T(r.value.toString()+n.value.toString());if(e.operator.value==="**"&&Do(r)&&Do(n)){let o=Wo(r),s=Wo(n);if(o===0&&s<0)throw new Error("0.0 cannot be raised to a negative power");let i=o**s;if(!Number.isFinite(i))throw new Error("Exponentiation result is not a finite real number");return r instanceof U||n instanceof U||s<0?new U(i):new P(i)}else if((r instanceof P||r instanceof U)&&(n instanceof P||n instanceof U)){let o=r.value,s=n.value;switch(e.operator.value){case"+":case"-":case"*":{let i=e.operator.value==="+"?o+s:e.operator.value==="-"?o-s:o*s;return r instanceof U||n instanceof U?new U(i):new P(i)}case"/":return new U(o/s);case"//":{let i=Math.floor(o/s);return r instanceof U||n instanceof U?new U(i):new P(i)}case"%":{let i=o%s;return r instanceof U||n instanceof U?new U(i):new P(i)}case"<":return new L(o<s);case">":return new L(o>s);case">=":return new L(o>=s);case"<=":return new L(o<=s)}}else if(r instanceof D&&n instanceof D)switch(e.operator.value){case"+":return new D(r.value.concat(n.value))}else if(n instanceof D){let o=n.value.find(s=>s.value===r.value)!==void 0;switch(e.operator.value){case"in":return new L(o);case"not in":return new L(!o)}}}if(r instanceof T||n instanceof T)switch(e.operator.value){case"+":return new T(r.value.toString()+n.value.toString())}if(r instanceof T&&n instanceof T)switch(e.operator.value){case"in":return new L(n.value.includes(r.value));case"not in":return new L(!n.value.includes(r.value))}if(r instanceof T&&n instanceof be)switch(e.operator.value){case"in":return new L(n.value.has(r.value));case"not in":return new L(!n.value.has(r.value))}throw new SyntaxError(`Unknown operator "${e.operator.value}" between ${r.type} and ${n.type}`)}evaluateArguments(e,t){let r=[],n=new Map,o=(s,i)=>{if(n.has(s))throw new Error(`Got multiple values for keyword argument '${s}'`);n.set(s,i)};for(let s of e)if(s.type==="SpreadExpression"){let i=s,a=this.evaluate(i.argument,t);if(!(a instanceof D))throw new Error(`Cannot unpack non-iterable type: ${a.type}`);for(let c of a.value)r.push(c)}else s.type!=="KeywordArgumentExpression"&&s.type!=="KeywordSpreadExpression"&&r.push(this.evaluate(s,t));for(let s of e)if(s.type==="KeywordArgumentExpression"){let i=s;o(i.key.value,this.evaluate(i.value,t))}else if(s.type==="KeywordSpreadExpression"){let i=s,a=this.evaluate(i.argument,t);if(!(a instanceof be))throw new Error(`Argument after ** must be a mapping, not ${a.type}`);for(let[c,u]of a.value)o(c,u)}return[r,n]}applyFilter(e,t,r){if(t.type==="Identifier"){let n=t;if(n.value==="safe")return e;if(n.value==="tojson")return new T(Mt(e,{}));if(e instanceof D)switch(n.value){case"list":return e;case"first":return e.value[0];case"last":return e.value[e.value.length-1];case"length":return new P(e.value.length);case"reverse":return new D(e.value.slice().reverse());case"sort":return new D(e.value.slice().sort((o,s)=>ma(o,s,!1)));case"join":return new T(e.value.map(o=>o.value).join(""));case"string":return new T(Mt(e,{},0,!1));case"unique":{let o=new Set,s=[];for(let i of e.value)o.has(i.value)||(o.add(i.value),s.push(i));return new D(s)}default:throw new Error(`Unknown ArrayValue filter: ${n.value}`)}else if(e instanceof T)switch(n.value){case"length":case"upper":case"lower":case"title":case"capitalize":{let o=e.builtins.get(n.value);if(o instanceof Y)return o.value([],r);if(o instanceof P)return o;throw new Error(`Unknown StringValue filter: ${n.value}`)}case"trim":return new T(e.value.trim());case"indent":return new T(e.value.split(`
`).map((o,s)=>s===0||o.length===0?o:"    "+o).join(`
`));case"join":case"string":return e;case"int":{let o=parseInt(e.value,10);return new P(isNaN(o)?0:o)}case"float":{let o=parseFloat(e.value);return new U(isNaN(o)?0:o)}default:throw new Error(`Unknown StringValue filter: ${n.value}`)}else if(e instanceof P||e instanceof U)switch(n.value){case"abs":return e instanceof P?new P(Math.abs(e.value)):new U(Math.abs(e.value));case"int":return new P(Math.floor(e.value));case"float":return new U(e.value);case"string":return new T(e.toString());default:throw new Error(`Unknown NumericValue filter: ${n.value}`)}else if(e instanceof be)switch(n.value){case"items":return new D(Array.from(e.value.entries()).map(([o,s])=>new D([new T(o),s])));case"length":return new P(e.value.size);default:{let o=e.builtins.get(n.value);if(o)return o instanceof Y?o.value([],r):o;throw new Error(`Unknown ObjectValue filter: ${n.value}`)}}else if(e instanceof L)switch(n.value){case"bool":return new L(e.value);case"int":return new P(e.value?1:0);case"float":return new U(e.value?1:0);case"string":return new T(e.value?"true":"false");default:throw new Error(`Unknown BooleanValue filter: ${n.value}`)}throw new Error(`Cannot apply filter "${n.value}" to type: ${e.type}`)}else if(t.type==="CallExpression"){let n=t;if(n.callee.type!=="Identifier")throw new Error(`Unknown filter: ${n.callee.type}`);let o=n.callee.value;if(o==="tojson"){let[,s]=this.evaluateArguments(n.args,r),i=s.get("indent")??new Z;if(!(i instanceof P||i instanceof Z))throw new Error("If set, indent must be a number");let a=s.get("ensure_ascii")??new L(!1);if(!(a instanceof L))throw new Error("If set, ensure_ascii must be a boolean");let c=s.get("sort_keys")??new L(!1);if(!(c instanceof L))throw new Error("If set, sort_keys must be a boolean");let u=s.get("separators")??new Z,f=null;if(u instanceof D||u instanceof Tf){if(u.value.length!==2)throw new Error("separators must be a tuple of two strings");let[l,d]=u.value;if(!(l instanceof T)||!(d instanceof T))throw new Error("separators must be a tuple of two strings");f=[l.value,d.value]}else if(!(u instanceof Z))throw new Error("If set, separators must be a tuple of two strings");return new T(Mt(e,{indent:i.value,ensureAscii:a.value,sortKeys:c.value,separators:f}))}else if(o==="join"){let s;if(e instanceof T)s=Array.from(e.value);else if(e instanceof D)s=e.value.map(u=>u.value);else throw new Error(`Cannot apply filter "${o}" to type: ${e.type}`);let[i,a]=this.evaluateArguments(n.args,r),c=i.at(0)??a.get("separator")??new T("");if(!(c instanceof T))throw new Error("separator must be a string");return new T(s.join(c.value))}else if(o==="int"||o==="float"){let[s,i]=this.evaluateArguments(n.args,r),a=s.at(0)??i.get("default")??(o==="int"?new P(0):new U(0));if(e instanceof T){let c=o==="int"?parseInt(e.value,10):parseFloat(e.value);return isNaN(c)?a:o==="int"?new P(c):new U(c)}else{if(e instanceof P||e instanceof U)return e;if(e instanceof L)return o==="int"?new P(e.value?1:0):new U(e.value?1:0);throw new Error(`Cannot apply filter "${o}" to type: ${e.type}`)}}else if(o==="default"){let[s,i]=this.evaluateArguments(n.args,r),a=s[0]??new T(""),c=s[1]??i.get("boolean")??new L(!1);if(!(c instanceof L))throw new Error("`default` filter flag must be a boolean");return e instanceof X||c.value&&!e.__bool__().value?a:e}if(e instanceof D){switch(o){case"sort":{let[s,i]=this.evaluateArguments(n.args,r),a=s.at(0)??i.get("reverse")??new L(!1);if(!(a instanceof L))throw new Error("reverse must be a boolean");let c=s.at(1)??i.get("case_sensitive")??new L(!1);if(!(c instanceof L))throw new Error("case_sensitive must be a boolean");let u=s.at(2)??i.get("attribute")??new Z;if(!(u instanceof T||u instanceof P||u instanceof Z))throw new Error("attribute must be a string, integer, or null");let f=l=>{if(u instanceof Z)return l;let d=u instanceof P?String(u.value):u.value;return Mf(l,d)};return new D(e.value.slice().sort((l,d)=>{let p=f(l),h=f(d),g=ma(p,h,c.value);return a.value?-g:g}))}case"selectattr":case"rejectattr":{let s=o==="selectattr";if(e.value.some(l=>!zo(l)))throw new Error(`\`${o}\` can only be applied to array of objects`);if(n.args.some(l=>l.type!=="StringLiteral"))throw new Error(`arguments of \`${o}\` must be strings`);let[i,a,c]=n.args.map(l=>this.evaluate(l,r)),u;if(a){let l=r.tests.get(a.value);if(!l)throw new Error(`Unknown test: ${a.value}`);u=l}else u=(...l)=>l[0].__bool__().value;let f=e.value.filter(l=>{let d=l.value.get(i.value),p=d?u(d,c):!1;return s?p:!p});return new D(f)}case"map":{let[,s]=this.evaluateArguments(n.args,r);if(s.has("attribute")){let i=s.get("attribute");if(!(i instanceof T))throw new Error("attribute must be a string");let a=s.get("default"),c=e.value.map(u=>{if(!zo(u))throw new Error("items in map must be an object");let f=Mf(u,i.value);return f instanceof X?a??new X:f});return new D(c)}else throw new Error("`map` expressions without `attribute` set are not currently supported.")}}throw new Error(`Unknown ArrayValue filter: ${o}`)}else if(e instanceof T){switch(o){case"indent":{let[s,i]=this.evaluateArguments(n.args,r),a=s.at(0)??i.get("width")??new P(4);if(!(a instanceof P))throw new Error("width must be a number");let c=s.at(1)??i.get("first")??new L(!1),u=s.at(2)??i.get("blank")??new L(!1),f=e.value.split(`
`),l=" ".repeat(a.value),d=f.map((p,h)=>!c.value&&h===0||!u.value&&p.length===0?p:l+p);return new T(d.join(`
`))}case"replace":{let s=e.builtins.get("replace");if(!(s instanceof Y))throw new Error("replace filter not available");let[i,a]=this.evaluateArguments(n.args,r);return s.value([...i,new Jt(a)],r)}}throw new Error(`Unknown StringValue filter: ${o}`)}else if(e instanceof be){let s=e.builtins.get(o);if(s&&s instanceof Y){let[i,a]=this.evaluateArguments(n.args,r);return a.size>0&&i.push(new Jt(a)),s.value(i,r)}throw new Error(`Unknown ObjectValue filter: ${o}`)}else throw new Error(`Cannot apply filter "${o}" to type: ${e.type}`)}throw new Error(`Unknown filter: ${t.type}`)}evaluateFilterExpression(e,t){let r=this.evaluate(e.operand,t);return this.applyFilter(r,e.filter,t)}evaluateTestExpression(e,t){let r=this.evaluate(e.operand,t),n=t.tests.get(e.test.value);if(!n)throw new Error(`Unknown test: ${e.test.value}`);let o=n(r);return new L(e.negate?!o:o)}evaluateSelectExpression(e,t){return this.evaluate(e.test,t).__bool__().value?this.evaluate(e.lhs,t):new X}evaluateUnaryExpression(e,t){let r=this.evaluate(e.argument,t);switch(e.operator.value){case"not":return new L(!r.__bool__().value);case"+":case"-":{let n=e.operator.value==="-"?-1:1;if(r instanceof P||r instanceof U||r instanceof L){let o=r instanceof L?r.value?1:0:r.value,s=n*o;return r instanceof U?new U(s):new P(s)}throw new SyntaxError(`Unknown operator "${e.operator.value}" for ${r.type}`)}default:throw new SyntaxError(`Unknown operator: ${e.operator.value}`)}}evaluateTernaryExpression(e,t){return this.evaluate(e.condition,t).__bool__().value?this.evaluate(e.trueExpr,t):this.evaluate(e.falseExpr,t)}evalProgram(e,t){return this.evaluateBlock(e.body,t)}evaluateBlock(e,t){let r="";for(let n of e){let o=this.evaluate(n,t);o.type!=="NullValue"&&o.type!=="UndefinedValue"&&(r+=o.toString())}return new T(r)}evaluateIdentifier(e,t){return t.lookupVariable(e.value)}evaluateCallExpression(e,t){let[r,n]=this.evaluateArguments(e.args,t);n.size>0&&r.push(new Jt(n));let o=this.evaluate(e.callee,t);if(o.type!=="FunctionValue")throw new Error(`Cannot call something that is not a function: got ${o.type}`);return o.value(r,t)}evaluateSliceExpression(e,t,r){if(!(e instanceof D||e instanceof T))throw new Error("Slice object must be an array or string");let n=this.evaluate(t.start,r),o=this.evaluate(t.stop,r),s=this.evaluate(t.step,r);if(!(n instanceof P||n instanceof X))throw new Error("Slice start must be numeric or undefined");if(!(o instanceof P||o instanceof X))throw new Error("Slice stop must be numeric or undefined");if(!(s instanceof P||s instanceof X))throw new Error("Slice step must be numeric or undefined");return e instanceof D?new D(Ef(e.value,n.value,o.value,s.value)):new T(Ef(Array.from(e.value),n.value,o.value,s.value).join(""))}evaluateMemberExpression(e,t){let r=this.evaluate(e.object,t),n;if(e.computed){if(e.property.type==="SliceExpression")return this.evaluateSliceExpression(r,e.property,t);n=this.evaluate(e.property,t)}else e.property.type==="IntegerLiteral"?n=new P(e.property.value):n=new T(e.property.value);let o;if(zo(r)){if(!(n instanceof T))throw new Error(`Cannot access property with non-string: got ${n.type}`);o=r.value.get(n.value)??(r instanceof be?r.builtins.get(n.value):void 0)}else if(r instanceof D||r instanceof T)if(n instanceof P)if(r instanceof T){let s=r.value.at(n.value);o=s===void 0?void 0:new T(s)}else o=r.value.at(n.value);else if(n instanceof T)o=r.builtins.get(n.value);else throw new Error(`Cannot access property with non-string/non-number: got ${n.type}`);else{if(!(n instanceof T))throw new Error(`Cannot access property with non-string: got ${n.type}`);o=r.builtins.get(n.value)}return o instanceof Fe?o:new X}evaluateSet(e,t){let r=e.value?this.evaluate(e.value,t):this.evaluateBlock(e.body,t);if(e.assignee.type==="Identifier"){let n=e.assignee.value;t.setVariable(n,r)}else if(e.assignee.type==="TupleLiteral"){let n=e.assignee;if(!(r instanceof D))throw new Error(`Cannot unpack non-iterable type in set: ${r.type}`);let o=r.value;if(o.length!==n.value.length)throw new Error(`Too ${n.value.length>o.length?"few":"many"} items to unpack in set`);for(let s=0;s<n.value.length;++s){let i=n.value[s];if(i.type!=="Identifier")throw new Error(`Cannot unpack to non-identifier in set: ${i.type}`);t.setVariable(i.value,o[s])}}else if(e.assignee.type==="MemberExpression"){let n=e.assignee,o=this.evaluate(n.object,t);if(!(o instanceof wa))throw new Error("cannot assign attribute on non-namespace object");if(n.property.type!=="Identifier")throw new Error("Cannot assign to member with non-identifier property");o.value.set(n.property.value,r)}else throw new Error(`Invalid LHS inside assignment expression: ${JSON.stringify(e.assignee)}`);return new Z}evaluateIf(e,t){let r=this.evaluate(e.test,t);return this.evaluateBlock(r.__bool__().value?e.body:e.alternate,t)}evaluateFor(e,t){let r=new Me(t),n,o;if(e.iterable.type==="SelectExpression"){let u=e.iterable;o=this.evaluate(u.lhs,r),n=u.test}else o=this.evaluate(e.iterable,r);if(!(o instanceof D||o instanceof be))throw new Error(`Expected iterable or object type in for loop: got ${o.type}`);o instanceof be&&(o=o.keys());let s=[],i=[];for(let u=0;u<o.value.length;++u){let f=new Me(r),l=o.value[u],d;if(e.loopvar.type==="Identifier")d=p=>p.setVariable(e.loopvar.value,l);else if(e.loopvar.type==="TupleLiteral"){let p=e.loopvar;if(l.type!=="ArrayValue")throw new Error(`Cannot unpack non-iterable type: ${l.type}`);let h=l;if(p.value.length!==h.value.length)throw new Error(`Too ${p.value.length>h.value.length?"few":"many"} items to unpack`);d=g=>{for(let m=0;m<p.value.length;++m){if(p.value[m].type!=="Identifier")throw new Error(`Cannot unpack non-identifier type: ${p.value[m].type}`);g.setVariable(p.value[m].value,h.value[m])}}}else throw new Error(`Invalid loop variable(s): ${e.loopvar.type}`);n&&(d(f),!this.evaluate(n,f).__bool__().value)||(s.push(l),i.push(d))}let a="",c=!0;for(let u=0;u<s.length;++u){let f=new Map([["index",new P(u+1)],["index0",new P(u)],["revindex",new P(s.length-u)],["revindex0",new P(s.length-u-1)],["first",new L(u===0)],["last",new L(u===s.length-1)],["length",new P(s.length)],["previtem",u>0?s[u-1]:new X],["nextitem",u<s.length-1?s[u+1]:new X]]);r.setVariable("loop",new be(f)),i[u](r);try{let l=this.evaluateBlock(e.body,r);a+=l.value}catch(l){if(l instanceof Af)continue;if(l instanceof Sf)break;throw l}c=!1}if(c){let u=this.evaluateBlock(e.defaultBlock,r);a+=u.value}return new T(a)}bindMacroArguments(e,t,r,n,o){let s=n.slice(),i=new Map;s.at(-1)instanceof Jt&&(i=new Map(s.pop().value));let a=[];for(let c=0;c<t.length;++c){let{name:u,defaultValue:f}=ga(t[c]),l=s[c];l===void 0&&i.has(u)&&(l=i.get(u),i.delete(u)),l===void 0&&f!==void 0&&a.push([u,f]),o.setVariable(u,l??new X)}if(r.has("kwargs"))o.setVariable("kwargs",new be(i));else if(i.size>0)throw new Error(`macro ${e} takes no keyword argument '${i.keys().next().value}'`);if(r.has("varargs"))o.setVariable("varargs",new D(s.slice(t.length)));else if(s.length>t.length)throw new Error(`macro ${e} takes not more than ${t.length} argument(s)`);for(let[c,u]of a)o.setVariable(c,this.evaluate(u,o))}evaluateMacro(e,t){let r=Cf(e.args,e.body);return t.setVariable(e.name.value,new Y((n,o)=>{let s=new Me(o);return this.bindMacroArguments(`'${e.name.value}'`,e.args,r,n,s),this.evaluateBlock(e.body,s)})),new Z}evaluateCallStatement(e,t){let r=e.callerArgs??[],n=Cf(r,e.body),o=new Y(u=>{let f=new Me(t);return this.bindMacroArguments("None",r,n,u,f),this.evaluateBlock(e.body,f)}),[s,i]=this.evaluateArguments(e.call.args,t);s.push(new Jt(i));let a=this.evaluate(e.call.callee,t);if(a.type!=="FunctionValue")throw new Error(`Cannot call something that is not a function: got ${a.type}`);let c=new Me(t);return c.setVariable("caller",o),a.value(s,c)}evaluateFilterStatement(e,t){let r=this.evaluateBlock(e.body,t);return this.applyFilter(r,e.filter,t)}evaluate(e,t){if(!e)return new X;switch(e.type){case"Program":return this.evalProgram(e,t);case"Set":return this.evaluateSet(e,t);case"If":return this.evaluateIf(e,t);case"For":return this.evaluateFor(e,t);case"Macro":return this.evaluateMacro(e,t);case"CallStatement":return this.evaluateCallStatement(e,t);case"Break":throw new Sf;case"Continue":throw new Af;case"IntegerLiteral":return new P(e.value);case"FloatLiteral":return new U(e.value);case"StringLiteral":return new T(e.value);case"ArrayLiteral":return new D(e.value.map(r=>this.evaluate(r,t)));case"TupleLiteral":return new Tf(e.value.map(r=>this.evaluate(r,t)));case"ObjectLiteral":{let r=new Map;for(let[n,o]of e.value){let s=this.evaluate(n,t);if(!(s instanceof T))throw new Error(`Object keys must be strings: got ${s.type}`);r.set(s.value,this.evaluate(o,t))}return new be(r)}case"Identifier":return this.evaluateIdentifier(e,t);case"CallExpression":return this.evaluateCallExpression(e,t);case"MemberExpression":return this.evaluateMemberExpression(e,t);case"UnaryExpression":return this.evaluateUnaryExpression(e,t);case"BinaryExpression":return this.evaluateBinaryExpression(e,t);case"FilterExpression":return this.evaluateFilterExpression(e,t);case"FilterStatement":return this.evaluateFilterStatement(e,t);case"TestExpression":return this.evaluateTestExpression(e,t);case"SelectExpression":return this.evaluateSelectExpression(e,t);case"Ternary":return this.evaluateTernaryExpression(e,t);case"Comment":return new Z;default:throw new SyntaxError(`Unknown node type: ${e.type}`)}}};function qo(e){switch(typeof e){case"number":return Number.isInteger(e)?new P(e):new U(e);case"string":return new T(e);case"boolean":return new L(e);case"undefined":return new X;case"object":return e===null?new Z:Array.isArray(e)?new D(e.map(qo)):new be(new Map(Object.entries(e).map(([t,r])=>[t,qo(r)])));case"function":return new Y((t,r)=>{let n=e(...t.map(o=>o.value))??null;return qo(n)});default:throw new Error(`Cannot convert to runtime value: ${e}`)}}var qN=Object.freeze({CONDITIONAL:0,LOGICAL_OR:1,LOGICAL_AND:2,LOGICAL_NOT:3,COMPARISON:4,ADDITIVE:5,MULTIPLICATIVE:6,EXPONENTIATION:7,TEST:8,FILTER:9,UNARY_SIGN:10,ATOM:11});var Bf=new Set(["replace","join","indent","tojson"]);function _a(e,t,r){return typeof t?.value!="string"||typeof r?.value!="string"?e.length:e.length+(e.length/Math.max(1,t.value.length)+1)*r.value.length}function jf(e,t,r,n,o){let{size:s,depth:i}=o.of(t),a=typeof t.value=="string"?t.value:"",c=f=>f===void 0?0:o.of(f).size,u=f=>typeof f?.value=="number"?Math.max(0,f.value):0;switch(e){case"replace":return _a(a,r[0],r[1]);case"join":return s*(1+c(r[0]??n.get("separator")));case"indent":return s+a.split(`
`).length*u(r[0]??n.get("width"));default:return s*(1+i*u(n.get("indent"))+c(n.get("separators")))}}var Ke=class{value;type;constructor(t){this.value=t,this.type="Held"}};function ft(e,t){return new e.constructor(t)}var Uo=class{#e=new WeakMap;of(t){let r=t.value;if(typeof r=="string")return{size:1+r.length,work:1+(r.length>>4),depth:0};if(typeof r!="object"||r===null)return{size:1,work:1,depth:0};let n=this.#e.get(t);if(n!==void 0)return n;let o=1,s=1,i=0,a=u=>{if(u.type==="NamespaceValue")throw new W("it puts a namespace into a list, a dictionary or another namespace");let f=this.of(u);o+=f.size,s+=f.work,i=Math.max(i,f.depth+1)};if(r instanceof Map)for(let[u,f]of r)o+=u.length,a(f);else for(let u of r)a(u);if(i>200)throw new W(`it nests lists more than ${200} levels deep`);let c={size:o,work:s,depth:i};return t.type!=="NamespaceValue"&&this.#e.set(t,c),c}};var Rn=class{ends;text;constructor(t){this.ends=t,this.text=""}},Ry=new Set(["sort","dictsort"]),Ly=new Set(["ArrayLiteral","TupleLiteral","ObjectLiteral","BinaryExpression","CallExpression","FilterExpression"]),ba=4*1048576,Fo=class extends Pf{#e=2e6;#t=0;#r="";#n=new Uo;#o;#i;#s;constructor(t,r){super(t),this.#o=r.length,this.#i=r.includes("loop");let n=i=>super.evaluate(i,t),[o,s]=[n({type:"IntegerLiteral",value:1}),n({type:"StringLiteral",value:""})];this.#s={whole:o,truth:n({type:"UnaryExpression",operator:{value:"not"},argument:new Ke(o)}),none:super.evaluate(void 0,t),fields:n({type:"ObjectLiteral",value:new Map}),text:s}}spend(t){if(this.#e-=t,this.#e<0)throw new W(`it takes more than ${2e6} steps: it loops without end, or nearly so`)}evaluate(t,r){if(t==null)return super.evaluate(void 0,r);if(t instanceof Ke)return t.value;if(this.#t>=200)throw new W(`it nests more than ${200} levels deep: a macro may call itself without end`);this.spend(1);let n=this.#r;this.#r=t.type,this.#t++;try{let o=this.#c(t,r);return this.#b(o,t.type,n),o}finally{this.#t--,this.#r=n}}#c(t,r){let n=t;switch(t.type){case"Identifier":return this.#m(n.value,r);case"MemberExpression":return this.#g(n,r);case"FilterExpression":return this.#h(this.evaluate(n.operand,r),n.filter,r);case"FilterStatement":return this.#h(this.#d(this.#a(n.body,r)),n.filter,r);case"If":{let{value:o}=this.evaluate(n.test,r).__bool__();return this.#d(this.#a(o?n.body:n.alternate,r))}case"For":return this.#d(this.#u(n,r));case"BinaryExpression":if(n.operator.value==="*")return this.#w(n,r);break;case"Break":case"Continue":throw this.spend(25),new Rn(t.type==="Break");case"Macro":case"CallStatement":this.spend(this.#o>>3);break}return super.evaluate(t,r)}#a(t,r){let n="";try{for(let o of t){let s=this.evaluate(o,r);typeof s.value=="object"&&s.value!==null&&this.spend(this.#n.of(s).work),s.type!=="NullValue"&&s.type!=="UndefinedValue"&&(n+=s.toString())}}catch(o){throw o instanceof Rn&&(o.text=n+o.text),o}return n}#u({loopvar:t,iterable:r,body:n,defaultBlock:o},s){let i=new Me(s),a=r.type==="SelectExpression"?r:void 0,c=this.#f(this.evaluate(a?.lhs??r,i)),u=a===void 0?c:c.filter(l=>{let d=new Me(i);return this.#p(t,l,d),this.evaluate(a.test,d).__bool__().value});if(u.length===0)return this.#a(o,i);let f="";for(let[l,d]of u.entries()){this.#i&&i.setVariable("loop",this.#l(u,l)),this.#p(t,d,i);try{f+=this.#a(n,i)}catch(p){if(!(p instanceof Rn))throw p;if(f+=p.text,p.ends)break}}return f}#l(t,r){let{whole:n,truth:o,none:s,fields:i}=this.#s,a=f=>ft(n,f),c=t.length-1,u=new Map([["index",a(r+1)],["index0",a(r)],["revindex",a(t.length-r)],["revindex0",a(c-r)],["first",ft(o,r===0)],["last",ft(o,r===c)],["length",a(t.length)],["previtem",t[r-1]??s],["nextitem",t[r+1]??s]]);return ft(i,u)}#f({type:t,value:r}){if(t==="UndefinedValue")return[];if(r instanceof Map)return this.spend(3*r.size),[...r.keys()].map(n=>this.#d(n));if(typeof r!="string"&&!Array.isArray(r))throw new W(`it goes through ${JSON.stringify(r)} as if it were a list`);return this.spend(3*r.length),typeof r=="string"?Array.from(r,n=>this.#d(n)):r}#p(t,r,n){let{type:o,value:s}=t;if(o==="Identifier")return void n.setVariable(s,r);let[i,a]=[s,r.value];if(o!=="TupleLiteral"||!Array.isArray(a)||a.length!==i.length)throw new W("it takes apart what has more or fewer parts");i.forEach((c,u)=>this.#p(c,a[u],n))}#d(t){return ft(this.#s.text,t)}#m(t,r){for(let n=r;n!==void 0;n=n.parent){let o=n.variables.get(t);if(o!==void 0)return o}return super.evaluate(void 0,r)}#g(t,r){let n=this.evaluate(t.object,r),o={...t,type:"MemberExpression",object:new Ke(n)},s=super.evaluate(o,r);return n.type!=="StringValue"||s.type!=="FunctionValue"?s:this.#_(n.value,Py(n,s),s)}#w(t,r){let n=this.evaluate(t.left,r),o=this.evaluate(t.right,r),[s,i]=n.type==="IntegerValue"?[o,n]:[n,o],{value:a}=s;if(i.type!=="IntegerValue"||s.type!=="StringValue"&&!Array.isArray(a))return super.evaluate({...t,type:"BinaryExpression",left:new Ke(n),right:new Ke(o)},r);let c=Math.max(0,i.value);return Pr(c*this.#n.of(s).size,ba),ft(s,typeof a=="string"?a.repeat(c):Array.from({length:c},()=>a).flat())}#_(t,r,n){let o=n.value,s=i=>ft(n,(a,c)=>i(a)??o(a,c));return r==="replace"?s(([i,a])=>{Pr(_a(t,i,a),ba)}):r==="strip"||r==="lstrip"||r==="rstrip"?s(([i])=>{if(i?.type==="StringValue")return ft(i,By(t,i.value,r))}):n}#h(t,r,n){let{callee:o,args:s}=r,i=(o??r).value,a=r;if(Ry.has(i)&&this.spend(this.#n.of(t).size),s!==void 0&&Bf.has(i)){let u=new Map,f=[],l=s.map(d=>{let{type:p,key:h,value:g}=d;if(p.includes("Spread"))throw new W(`the filter ${i} takes no * or ** here`);let m=this.evaluate(p==="KeywordArgumentExpression"?g:d,n);return p!=="KeywordArgumentExpression"?f.push(m):u.set(h.value,m),p==="KeywordArgumentExpression"?{type:p,key:h,value:new Ke(m)}:new Ke(m)});Pr(jf(i,t,f,u,this.#n),ba),a={...r,type:"CallExpression",callee:o,args:l}}let c={type:"FilterExpression",operand:new Ke(t),filter:a};return super.evaluate(c,n)}#b(t,r,n){if(t.type==="StringValue"){let{length:a}=t.value;Pr(a),this.spend(a>>4);return}if(typeof t.value!="object"||t.value===null||!Ly.has(r)&&(n==="MemberExpression"||n==="For"))return;let{size:s,work:i}=this.#n.of(t);Pr(s),this.spend(i)}};function Py(e,t){for(let[r,n]of e.builtins)if(n===t)return r}function By(e,t,r){let n=new Set(t),o=Array.from(e),s=0,i=o.length;if(r!=="rstrip")for(;s<i&&n.has(o[s]);)s++;if(r!=="lstrip")for(;i>s&&n.has(o[i-1]);)i--;return o.slice(s,i).join("")}var qf=["January","February","March","April","May","June","July","August","September","October","November","December"],Df=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function Wf(e,t){let r=c=>String(c).padStart(2,"0"),[n,o,s,i]=[e.getFullYear(),e.getMonth(),e.getDate(),e.getHours()],a={Y:()=>String(n),y:()=>r(n%100),m:()=>r(o+1),d:()=>r(s),e:()=>String(s).padStart(2," "),b:()=>qf[o].slice(0,3),B:()=>qf[o],a:()=>Df[e.getDay()].slice(0,3),A:()=>Df[e.getDay()],H:()=>r(i),I:()=>r(i%12===0?12:i%12),M:()=>r(e.getMinutes()),S:()=>r(e.getSeconds()),p:()=>i<12?"AM":"PM",j:()=>String(Math.round((Date.UTC(n,o,s)-Date.UTC(n,0,0))/864e5)).padStart(3,"0"),"%":()=>"%"};return t.replace(/%(.)/gs,(c,u)=>a[u]?.()??c)}var Ff=1<<18,Kf=512,jy=/\{%([-+]?)\s{0,99}(end)?generation\s{0,99}([-+]?)%\}/g,[Gf,Vf]=["generation_begins_","generation_ends_"];function Hf(e,t){if(e.length>Ff)throw new b(`${t}: expected a chat template of at most ${Ff} characters, found ${e.length}`);let r=!1,n=e.replace(jy,(i,a,c,u)=>(r=!0,`{%${a} if true %}{{ ${c?Vf:Gf} }}{% endif ${u}%}`));if(new RegExp(`\\s{${Kf}}`).test(n))throw new b(`${t}: expected a chat template, found a run of over ${Kf} spaces or line feeds`);let o;try{o=Rf(If(n,{trim_blocks:!0,lstrip_blocks:!0}))}catch(i){throw new b(`${t}: expected a Jinja template, found an error in it: ${zy(i)}`)}let s=new Me;for(let[i,a]of Object.entries(qy))s.set(i,a);return{marksAnswers:r,render(i,{begin:a,end:c}){let u=new Me(s);for(let[l,d]of Object.entries({[Gf]:a,[Vf]:c,...i}))u.set(l,d);let f=new Fo(u,n);try{return String(f.run(o).value)}catch(l){if(l instanceof W)throw l;let{message:d}=l;throw new W(l instanceof RangeError?`it nests more than ${200} levels deep, or grows without end`:d)}}}}function zy(e){let{message:t}=e;return e instanceof RangeError?"it nests too deeply":e instanceof TypeError?"it ends inside a block or an expression":t}var qy={true:!0,True:!0,false:!1,False:!1,none:null,None:null,tools:null,documents:null,range:Dy,raise_exception(e){throw new W(typeof e=="string"?e:"without a word")},strftime_now:e=>Wf(new Date,String(e))};function Dy(...e){if(e.length<1||e.length>3||!e.every(Number.isInteger))throw new W("range() takes one to three whole numbers");let[t,r,n=1]=e.length===1?[0,e[0]]:e;if(n===0)throw new W("range() takes a step other than 0");let o=Math.max(0,Math.ceil((r-t)/n));if(o>1e5)throw new W(`it asks for a range of ${o} numbers; at most ${1e5} are given`);return Array.from({length:o},(s,i)=>t+i*n)}var Wy=Array.from({length:32},(e,t)=>String.fromCharCode(64976+t)),Jf=/[\uFDD0-\uFDEF]/;function Xf(e){let t=new Set;for(let s of e)if(Jf.test(s))for(let i of s)Jf.test(i)&&t.add(i);let[r,n,o]=Wy.filter(s=>!t.has(s));if(o===void 0)throw new W("expected text, found most of Unicode's noncharacters in it");return{begin:r,end:n,literal:o}}function ya(e,{begin:t,end:r,literal:n}){let o=e.split(new RegExp(`([${t}${r}${n}])`));if(o.length===1)return{text:e,literal:new Set,trained:[]};let s="",i=0,a=0,c=new Set,u=[];for(let f of o)if(f===t)a++===0&&(i=s.length);else if(f===r){if(--a===0&&s.length>i&&u.push([i,s.length]),a<0)break}else f===n?c.add(s.length):s+=f;if(a!==0)throw new W("it begins a {% generation %} block without ending it");return{text:s,literal:c,trained:u}}function Yf(e,t,{asText:r,systemAsText:n=!1,escape:o}){let s=(f,l,d)=>{let p=l.map(o);if(r!==void 0)return{role:f,content:p.join(r+d)};let h=p.flatMap((g,m)=>[...m>0?[{type:"image"}]:[],...g!==""||p.length===1?[{type:"text",text:g}]:[]]);return{role:f,content:h}},i=Rr(e),a=e.turns.some(f=>f.places!==void 0),{system:c}=e,u=c===void 0?[]:[n?{role:"system",content:o(c)}:s("system",[c],"")];for(let[f,{question:l,answer:d}]of e.turns.slice(0,t).entries())u.push(s("user",Lo(l,i[f]),a?"":`
`)),u.push(s("assistant",[d],""));return u}var Ko={id:"probe",task:"probe",file:"probe",images:[],turns:[{question:'Is "this" it?',answer:'Yes, "it" is.'}]};function Qf({template:e,tokenizer:t,names:r,image:n,notes:o=[]}){let s=Hf(e.text,e.place),i=`the template in ${e.place}`,a=t.id(n.image);if(a===void 0)throw new b(`tokenizer.json: expected the image's token ${n.image}, found none. Bring back the files that came with the model`);let c=new RegExp([...new Set([...t.specials,n.image])].sort((N,z)=>z.length-N.length).map(N=>N.replace(/[\\^$.*+?()[\]{}|/]/g,"\\$&")).join("|"),"gu"),u=r.get("bos_token"),f=Object.fromEntries(r),l,d=new Map,p=N=>Cn(n.perTile,N),h,g=!1,m=N=>{let z=`${N.rows} ${N.columns}`,C=d.get(z);if(C===void 0){if(C=t.encodeRendered({text:fa(n,N),literal:new Set,trained:[]}).ids,C.filter(S=>S===a).length!==p(N)||t.special(C[0])===void 0&&C[0]!==a)throw new b(`tokenizer.json: expected the tokens that stand around an image's tiles, found them missing in ${JSON.stringify(fa({...n,perTile:1},Le))}. Bring back the files that came with the model`);d.set(z,C)}return C},w=(N,z)=>{let C=N.turns.slice(0,z).flatMap(({question:O,answer:B})=>[O,B]),$=Xf([e.text,N.system??"",...C]);return{messages:Yf(N,z,{asText:h,systemAsText:g,escape:O=>O.replace(c,`${$.literal}$&`)}),marks:$}},_=(N,z,C)=>s.render({...f,messages:N,add_generation_prompt:z},C),y=(N,z)=>{let C=_(N,!1,z);if(s.marksAnswers){let B=N.filter(({role:he})=>he==="assistant").length,V=C.split(z.begin).length-1;if(V>=B)return C;throw new W(`its {% generation %} blocks mark ${V} stretches for ${B} answers: put one around every answer`)}let $=wf(N,(B,V)=>_(B,V,z),z,c),S="",O=0;for(let[B,V]of $)S+=C.slice(O,B)+z.begin+C.slice(B,V)+z.end,O=V;return S+C.slice(O)},E=(N,z,C,$,{maxTokens:S})=>{if($.length!==N.images.length)throw new RangeError(`${Ue(N)}: expected ${N.images.length} grids, found ${$.length}`);let{messages:O,marks:B}=w(N,z),V=ya(C?_(O.slice(0,-1),!0,B):y(O,B),B);if(!C&&V.trained.length===0)throw new W("it writes none of the answers");let he=t.encodeRendered(V),He=u!==void 0&&V.text.startsWith(u)&&!V.literal.has(0),fe=Rr(N).slice(0,z).flat().length,We=he.ids.reduce((_t,dr)=>_t+(dr===a?1:0),0);if(We!==fe)throw new W(We===0?`it writes no ${n.image}, so that the model would see none of its ${fe} images`:`expected a ${n.image} for each of its ${fe} images, found ${We}`);let zt=He?[]:[...t.around.before],dn=zt.map(()=>0),Ew=0;if(he.ids.forEach((_t,dr)=>{let Vc=_t===a?m($[Ew++]):void 0;if(Vc===void 0)zt.push(_t),dn.push(he.mask[dr]||(_t===l&&he.mask[dr-1]===1?1:0));else for(let Sw of Vc)zt.push(Sw),dn.push(0)}),!C&&!He&&t.around.after.forEach((_t,dr)=>{dn.push(dr===0&&_t===l&&dn.at(-1)===1?1:0),zt.push(_t)}),zt.length>S)throw Ir(N,zt.length,Lr({imageTokens:p},$.slice(0,fe)),S);return{ids:Int32Array.from(zt),mask:Uint8Array.from(dn),images:N.images.slice(0,fe)}},x=(N,z)=>{try{return z()}catch(C){throw C instanceof W?new b(`${N}: ${i} does not lay it out: ${C.message}`):C}},v=(N,z=!1)=>{try{let{messages:C,marks:$}=w(N,N.turns.length),{text:S}=ya(_(z?C.slice(0,-1):C,z,$),$),O=[N.system,...N.turns.flatMap(({question:V,answer:he})=>[V,he])];z&&O.pop();let B=O.find(V=>V!==void 0&&!S.includes(V.trim()));return B===void 0?void 0:`it does not write ${JSON.stringify(B)} as it was said`}catch(C){if(C instanceof W)return C.message;throw C}},A=[...o],I=v(Ko);if(I!==void 0){if(h=n.image,v(Ko)!==void 0)throw new b(`${e.place}: expected a chat template for a question and an answer, found: ${I}`);A.push(`${i} takes texts alone: images are written into them as ${n.image}`)}let M,F=(N,z)=>{if(N.system===void 0||N.system.trim()==="")return;if(M===void 0){let S={...Ko,system:'Say "this" alone.'},O=()=>({prompt:v(S,!0),whole:v(S)}),B=He=>He.prompt!==void 0&&He.whole!==void 0,V=O();g=B(V);let he=g?O():V;M=B(he)?V:he}let{prompt:C,whole:$}=M;if(z&&C!==void 0)throw new W(`what the system says: ${C}`);if(!(z||$===void 0))throw new W(C===void 0?`what the system says stands in prompts, but not in whole conversations, from which a model learns: ${$}. Take it out of the sample, or say it in a question`:`what the system says: ${$}`)},we=x(e.place,()=>E(Ko,1,!1,[],{maxTokens:1/0})),_e=we.mask.lastIndexOf(1),ot=t.special(we.ids[_e])!==void 0,{after:Ce}=t.around,De=[we.ids[_e],we.ids[_e+1]].filter(N=>N!==void 0&&t.special(N)!==void 0),ie=De.find(N=>!Ce.includes(N))??De[0];return ot||(A.push(ie===void 0?la(i):Ce.includes(ie)?`${i} writes no token that ends an answer: ${t.special(ie)}, which tokenizer.json puts after a whole conversation, is trained as the end of its last answer`:`${i} leaves ${t.special(ie)}, which ends an answer, out of its {% generation %} blocks: it is trained all the same, so that a tuned model stops`),l=ie),Ce.length>0&&l!==Ce[0]&&A.push("tokenizer.json puts tokens after a text: they end conversations, but not prompts, and are not trained"),m(Le),{name:i,imageId:a,stops:ie===void 0?[]:[ie],notes:A,imageTokens:p,encode:(N,z,C)=>x(Ue(N),()=>{let $=N.turns.findIndex(({answer:S})=>S.trim()==="");if($>=0)throw Io(N,$);return F(N,!1),E(N,N.turns.length,!1,z,C)}),promptOf(N,z,C,$){return Ro(N,z),x(Ue(N),()=>{F(N,!0);let{ids:S,images:O}=E(N,z+1,!0,C,$);return{ids:S,images:O}})}}}function Zf(e,t,r,n){let o=mf(e);if(o===void 0)return hf(r,n);let s=gf(e),i=t.image_token_id??t.image_token_index,a=r.id(s);if(typeof i=="number"&&a!==void 0&&a!==i)throw new b(`config.json: expected the id of ${s}, which is ${a} in tokenizer.json, found ${i} as the image's token. The files are of different models`);return Qf({template:o.template,tokenizer:r,names:Bo(e),image:{family:String(t.model_type),image:s,perTile:n,names:Bo(e)},notes:o.others.map(({place:c})=>`${c} holds another chat template, which is not heeded: ${o.template.place} comes first`)})}var Uy=class{constructor(e){this.trie=this._build_trie(e)}_build_trie(e){let t=Object.create(null);for(let r of e){let n=t;for(let o=0;o<r.length;++o){let s=r[o];n=n[s]??=Object.create(null)}n.end=r}return t}split(e){let t=[],r=e.length,n=0,o=0;for(;o<r;){let s=this.trie,i=null,a=o;for(;a<r&&(s=s[e[a]]);)s.end&&(i=s.end),++a;i?(o>n&&t.push(e.slice(n,o)),t.push(i),o+=i.length,n=o):++o}return n<r&&t.push(e.slice(n)),t}},ed=Uy,Fy=class{constructor(e){this.content=e.content,this.id=e.id,this.single_word=e.single_word??!1,this.lstrip=e.lstrip??!1,this.rstrip=e.rstrip??!1,this.special=e.special??!1,this.normalized=e.normalized??!this.special}},Ky=Fy,ld=(e,t)=>{try{return new RegExp(e,t)}catch(r){if(!(r instanceof SyntaxError))throw r;let n=new Map,o=e.replace(/(\\[pP])\{([^}=]+)\}/g,(s,i,a,c)=>{let u=0;for(let l=c-1;l>=0&&e[l]==="\\";--l)++u;if(u%2===1)return s;let f=n.get(a);if(f===void 0){try{new RegExp(`\\p{${a}}`,"u"),f=a}catch{f=`Script=${a}`}n.set(a,f)}return`${i}{${f}}`});if(o===e)throw r;try{return new RegExp(o,t)}catch{throw r}}},xa=e=>e.replace(/ \./g,".").replace(/ \?/g,"?").replace(/ \!/g,"!").replace(/ ,/g,",").replace(/ \' /g,"'").replace(/ n't/g,"n't").replace(/ 'm/g,"'m").replace(/ 's/g,"'s").replace(/ 've/g,"'ve").replace(/ 're/g,"'re"),Jo=(e,t=!0)=>{if(e.Regex!==void 0){let r=c0(s0(e.Regex));return ld(r,"gu")}else if(e.String!==void 0){let r=u0(e.String);return new RegExp(t?r:`(${r})`,"gu")}else return console.warn("Unknown pattern type:",e),null},zr="\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}",fd=`${zr}\\u00B2\\u00B3\\u00B9\\u00BC-\\u00BE`,et=`[${fd}]`,dd=`[^${fd}]`,Gy=`(?:(?<!${et})(?=${et})|(?<=${et})(?!${et}))`,Vy=`(?:(?<!${et})(?!${et})|(?<=${et})(?=${et}))`,Hy="(?:(?<![\\s\\S])|(?<=\\n))",Jy="(?:(?=\\n)|(?![\\s\\S]))",Ln="0-9A-Fa-f",Xy=new Map([["A","(?<![\\s\\S])"],["z","(?![\\s\\S])"],["Z","(?=\\n?(?![\\s\\S]))"],["h",`[${Ln}]`],["H",`[^${Ln}]`],["w",et],["W",dd],["d","\\p{Nd}"],["D","\\P{Nd}"],["s","\\p{White_Space}"],["S","\\P{White_Space}"],["b",Gy],["B",Vy],["a","\\x07"],["e","\\x1B"]]),Yy=new Map([["h",Ln],["w",zr],["d","\\p{Nd}"],["D","\\P{Nd}"],["s","\\p{White_Space}"],["S","\\P{White_Space}"],["a","\\x07"],["e","\\x1B"]]),Qy=new Map([["W",`[^${zr}]`],["H",`[^${Ln}]`]]),pd=new Map([[`
`,"\\n"],["\r","\\r"],["	","\\t"],["\f","\\f"],["\v","\\v"]]),Zy=new Map([["alpha","\\p{Alphabetic}"],["alnum","\\p{Alphabetic}\\p{Nd}"],["digit","\\p{Nd}"],["lower","\\p{Lowercase}"],["upper","\\p{Uppercase}"],["space","\\p{White_Space}"],["blank","\\t\\p{Zs}"],["punct","\\p{P}\\p{S}"],["cntrl","\\p{Cc}"],["word",zr],["xdigit",Ln]]),hd="^$\\.*+?()[]{}|/",e0=/^\(\?(?:<[=!]|<[A-Za-z_][A-Za-z0-9_]*>|[:=!>])/,md=/^\\([pPxu])\{([^}]*)\}/,t0=/^\{(\d+(?:,\d*)?|,\d+)\}/,r0=/^\[:(\^?)(\p{Alphabetic}+):\]/u,n0=/^\[:\^:\]/,o0=/^\[(?:\.[^\]]*\.\]|=[^\]]*=\])/,gd=/^(?:\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\c[A-Za-z])/,wd=e=>e>="A"&&e<="Z"||e>="a"&&e<="z",Go=(e,t)=>String.fromCodePoint(e.codePointAt(t)),td=e=>{if(!/^[0-9A-Fa-f]{1,8}$/.test(e))return null;let t=Number.parseInt(e,16);if(t>127)return null;let r=String.fromCharCode(t);return wd(r)?`[${r.toLowerCase()}${r.toUpperCase()}]`:null},s0=e=>e.replace(/\[\^\(\\s\|\[([^\]]+)\]\)\]/g,"[^()|\\s$1]"),_d="[\\s\\S]",rd=256,nd=()=>({fragment:"",alternatives:[],tail:null,contains_complex_set:!1}),$a=e=>{throw new SyntaxError(`Unsupported range with a set-valued character-class operand at index ${e}`)},Vo=(e,t,r,n=!0)=>{e.tail==="range"&&$a(r),e.alternatives.push(t),e.tail="set",e.contains_complex_set=e.contains_complex_set||n},Nt=(e,t,r=!1,n=-1)=>{if(r&&e.tail==="range"&&$a(n),e.tail==="range"){e.fragment+=t,e.tail="complete_range";return}e.fragment+=t,e.tail=r?"set":"scalar",e.contains_complex_set=e.contains_complex_set||r},i0=(e,t,r)=>{let n=md.exec(e.slice(t));if(n){let[d,p,h]=n;if(p==="P"&&h==="Word")Vo(r,`[^${zr}]`,t);else{let g=p==="x"?`\\u{${h}}`:p==="p"&&h==="Word"?zr:d;Nt(r,g,p==="p"||p==="P",t)}return t+d.length}let o=gd.exec(e.slice(t));if(o)return Nt(r,o[0]),t+o[0].length;if(t+1>=e.length)throw new SyntaxError(`Unterminated escape in character class at index ${t}`);let s=Go(e,t+1),i=t+1+s.length,a=pd.get(s);if(a!==void 0)return Nt(r,a),i;let c=Qy.get(s);if(c!==void 0)return Vo(r,c,t),i;let u=Yy.get(s),f,l=!1;return u!==void 0?(f=u,l=s!=="a"&&s!=="e"):/[A-Za-z0-9]/.test(s)?f=`\\${s}`:hd.includes(s)||s==="-"?f=`\\${s}`:f=s,Nt(r,f,l,t),i},bd=e=>e.length===1?e[0]:`(?:(?=(?:${e.join("|")}))${_d})`,od=e=>{let t=e.fragment.length===0?e.alternatives:[`[${e.fragment}]`,...e.alternatives];return bd(t)},a0=e=>{let t=ld(`^(?:${e})$`,"u"),r="";for(let n=0;n<26;++n){let o=String.fromCharCode(65+n),s=String.fromCharCode(97+n),i=t.test(o),a=t.test(s);i!==a&&(r+=i?s:o)}return r},yd=(e,t,r,n=!0,o=1)=>{if(o>rd)throw new SyntaxError(`Maximum character-class nesting depth of ${rd} exceeded at index ${t}`);let s=t+1,i=e[s]==="^";i&&++s;let a=s,c=[nd()],u=c[0],f=!1;for(;s<e.length;){let l=Go(e,s);if(l==="\\"){s=i0(e,s,u);continue}if(l==="]"){if(s===a){Nt(u,"\\]"),++s;continue}if(u.tail===null)throw c.length>1?new SyntaxError(`Malformed character-class intersection with an empty operand at index ${s}`):new SyntaxError(`Empty character class at index ${t}`);let d=c.some(_=>_.contains_complex_set);if(i&&c.length>1&&f)throw new SyntaxError(`Unsupported outer-negated character-class intersection with a nested negated class containing a Unicode property, POSIX class, or shorthand at index ${t}`);let p=od(c[0]),h=p;if(c.length>1){let _="";for(let y=1;y<c.length;++y)_+=`(?=${od(c[y])})`;h=`(?:${_}${p})`}let g=c.length===1&&u.alternatives.length===0,m=u.fragment;if(r&&n){let _=a0(h);_.length>0&&(g?(m+=_,h=`[${m}]`):h=bd([h,`[${_}]`]))}return{atom:i?g?`[^${m}]`:`(?:(?!${h})${_d})`:h,end:s+1,negated:i,contains_complex_set:d,contains_nested_negated_complex_set:f}}if(e.startsWith("&&",s)){if(u.tail===null)throw new SyntaxError(`Malformed character-class intersection with an empty operand at index ${s}`);u=nd(),c.push(u),s+=2;continue}if(l==="["){let d=e.slice(s);if(n0.test(d))throw new SyntaxError(`Malformed empty negated POSIX character class at index ${s}`);let p=r0.exec(d);if(p){let[,g,m]=p,w=Zy.get(m);if(w===void 0)throw new SyntaxError(`Unsupported POSIX character class "${m}" at index ${s}`);if(r&&g&&(m==="lower"||m==="upper"))throw new SyntaxError(`Unsupported negated POSIX ${m} class inside an inline case-insensitive group`);g?Vo(u,`[^${w}]`,s):Nt(u,w,!0,s),s+=p[0].length;continue}if(o0.test(d))throw new SyntaxError(`Unsupported POSIX collating or equivalence bracket expression at index ${s}`);let h=yd(e,s,r,!1,o+1);Vo(u,h.atom,s,h.contains_complex_set),f||=h.contains_nested_negated_complex_set||h.negated&&h.contains_complex_set,s=h.end;continue}if(l==="-"){let d=e[s+1]==="]"||e.startsWith("&&",s+1);u.tail==="set"&&!d&&$a(s),u.tail===null||u.tail==="range"||u.tail==="complete_range"||d?Nt(u,"\\-"):(u.fragment+="-",u.tail="range"),++s;continue}Nt(u,l==="^"&&u.fragment.length===0?"\\^":l),s+=l.length}throw new SyntaxError(`${c.length>1?"Unterminated character-class intersection":"Unterminated character class"} at index ${t}`)},c0=e=>{let t="",r=-1,n=!1,o=!1,s=[],i=a=>{r=t.length,t+=a,n=!1};for(let a=0;a<e.length;){let c=Go(e,a);if(c==="\\"){let u=md.exec(e.slice(a));if(u){let[g,m,w]=u,_=g;if(m==="x"){let y=`\\u{${w}}`;_=o?td(w)??y:y}else w==="Word"&&(_=m==="p"?et:dd);i(_),a+=g.length;continue}let f=gd.exec(e.slice(a));if(f){let g=f[0],m=o&&g[1]!=="c"?td(g.slice(2))??g:g;i(m),a+=g.length;continue}if(a+1>=e.length){t+=c;break}let l=Go(e,a+1);if(a+=1+l.length,l==="G")continue;let d=pd.get(l);if(d!==void 0){i(d);continue}let p=Xy.get(l),h;p!==void 0?h=p:/[A-Za-z0-9]/.test(l)?h=`\\${l}`:hd.includes(l)?h=`\\${l}`:h=l,i(h);continue}switch(c){case"[":{let u=yd(e,a,o);i(u.atom),a=u.end;continue}case"]":i("\\]"),++a;continue;case".":i("[^\\n]"),++a;continue;case"^":i(Hy),++a;continue;case"$":i(Jy),++a;continue;case"(":{let u=e.startsWith("(?i:",a),f=u?"(?i:":e0.exec(e.slice(a))?.[0]??"(",l=u||f==="(?>"?"(?:":f;s.push([t.length,o]),u&&(o=!0),t+=l,n=!1,a+=f.length;continue}case")":t+=c,[r,o]=s.pop()??[-1,!1],n=!1,++a;continue;case"|":t+=c,r=-1,n=!1,++a;continue;case"{":{let u=t0.exec(e.slice(a));if(!u||r<0){i("\\{"),++a;continue}let f=u[1].startsWith(",")?`0${u[1]}`:u[1];a+=u[0].length;let l=e[a];l==="+"||l==="*"?(t=`${t.slice(0,r)}(?:${t.slice(r)}{${f}})${l}`,++a):t+=`{${f}}`,n=!0;continue}case"}":i("\\}"),++a;continue;case"+":if(n){++a;continue}t+=c,n=!0,++a;continue;case"*":case"?":t+=c,n=!0,++a;continue;default:i(o&&wd(c)?`[${c.toLowerCase()}${c.toUpperCase()}]`:c),a+=c.length;continue}}return t},u0=e=>e.replace(/[.*+?^${}()|[\]\\]/g,"\\$&"),l0=(e,t,r)=>{let n=[],o=0;for(;o<e.length;){if(n.push(e[o]),(t.get(e[o])??r)!==r){++o;continue}for(;++o<e.length&&(t.get(e[o])??r)===r;)t.get(n.at(-1))!==r&&(n[n.length-1]+=e[o])}return n},f0=e=>e>=19968&&e<=40959||e>=13312&&e<=19903||e>=131072&&e<=173791||e>=173824&&e<=177983||e>=177984&&e<=178207||e>=178208&&e<=183983||e>=63744&&e<=64255||e>=194560&&e<=195103,d0=e=>Number.isInteger(e)||typeof e=="bigint",p0=e=>{let t=0;for(let r of e)++t;return t},h0=e=>vd(e.toLowerCase()),Ge=(...e)=>Array.prototype.concat.apply([],e),ka=e=>new Map(Object.entries(e)),m0=(e,t)=>{let r=[],n=0;for(let o of e.matchAll(t)){let s=o[0];n<o.index&&r.push(e.slice(n,o.index)),s.length>0&&r.push(s),n=o.index+s.length}return n<e.length&&r.push(e.slice(n)),r},vd=e=>e.replace(/\p{M}/gu,""),sd=(e,t,r=[])=>{if(!e||Array.isArray(e)||typeof e!="object")return`${t} must be a valid object`;for(let n of r)if(!(n in e))return`${t} must contain a "${n}" property`;return null},g0=e=>e.match(/\S+/g)||[],w0=class{constructor(){let e=function(...t){return e._call(...t)};return Object.setPrototypeOf(e,new.target.prototype)}},Pn=w0,_0=class extends Pn{constructor(e){super(),this.config=e}_call(e){return this.normalize(e)}},dt=_0,b0=class extends dt{tokenize_chinese_chars(e){let t=[];for(let r=0;r<e.length;++r){let n=e[r],o=n.charCodeAt(0);f0(o)?(t.push(" "),t.push(n),t.push(" ")):t.push(n)}return t.join("")}strip_accents(e){return e.normalize("NFD").replace(/\p{Mn}/gu,"")}is_control(e){switch(e){case"	":case`
`:case"\r":return!1;default:return/^\p{Cc}|\p{Cf}|\p{Co}|\p{Cs}$/u.test(e)}}clean_text(e){let t=[];for(let r of e){let n=r.charCodeAt(0);n===0||n===65533||this.is_control(r)||(/^\s$/.test(r)?t.push(" "):t.push(r))}return t.join("")}normalize(e){return this.config.clean_text&&(e=this.clean_text(e)),this.config.handle_chinese_chars&&(e=this.tokenize_chinese_chars(e)),this.config.lowercase?(e=e.toLowerCase(),this.config.strip_accents!==!1&&(e=this.strip_accents(e))):this.config.strip_accents&&(e=this.strip_accents(e)),e}},y0=b0,v0=class extends dt{constructor(e){super(e),this.charsmap=e.precompiled_charsmap??null}normalize(e){return e=e.replace(/[\u0001-\u0008\u000B\u000E-\u001F\u007F\u008F\u009F]/gm,""),e=e.replace(/[\u0009\u000A\u000C\u000D\u00A0\u1680\u2000-\u200F\u2028\u2029\u202F\u205F\u2581\u3000\uFEFF\uFFFD]/gm," "),e.includes("\uFF5E")?e=e.split("\uFF5E").map(r=>r.normalize("NFKC")).join("\uFF5E"):e=e.normalize("NFKC"),e}},x0=v0,$0=class extends dt{constructor(e){super(e),this.normalizers=(e.normalizers??[]).map(t=>xd(t))}normalize(e){return this.normalizers.reduce((t,r)=>r?r.normalize(t):t,e)}},k0=$0,E0=class extends dt{constructor(e){super(e),this.pattern=Jo(this.config.pattern??{})}normalize(e){return this.pattern===null?e:e.replaceAll(this.pattern,this.config.content??"")}},S0=E0,A0=class extends dt{constructor(){super(...arguments),this.form="NFC"}normalize(e){return e=e.normalize(this.form),e}},Xo=A0,O0=class extends Xo{constructor(){super(...arguments),this.form="NFC"}},T0=O0,M0=class extends Xo{constructor(){super(...arguments),this.form="NFD"}},N0=M0,C0=class extends Xo{constructor(){super(...arguments),this.form="NFKC"}},I0=C0,R0=class extends Xo{constructor(){super(...arguments),this.form="NFKD"}},L0=R0,P0=class extends dt{normalize(e){return this.config.strip_left&&this.config.strip_right?e=e.trim():(this.config.strip_left&&(e=e.trimStart()),this.config.strip_right&&(e=e.trimEnd())),e}},B0=P0,j0=class extends dt{normalize(e){return vd(e)}},z0=j0,q0=class extends dt{normalize(e){return e.toLowerCase()}},D0=q0,W0=class extends dt{normalize(e){return e=this.config.prepend+e,e}},U0=W0;function F0(e){if(e===null)return null;switch(e.type){case"BertNormalizer":return new y0(e);case"Precompiled":return new x0(e);case"Sequence":return new k0(e);case"Replace":return new S0(e);case"NFC":return new T0(e);case"NFD":return new N0(e);case"NFKC":return new I0(e);case"NFKD":return new L0(e);case"Strip":return new B0(e);case"StripAccents":return new z0(e);case"Lowercase":return new D0(e);case"Prepend":return new U0(e);default:throw new Error(`Unknown Normalizer type: ${e.type}`)}}var xd=F0,K0=class extends Pn{pre_tokenize(e,t){return(Array.isArray(e)?e.map(r=>this.pre_tokenize_text(r,t)):this.pre_tokenize_text(e,t)).flat()}_call(e,t){return this.pre_tokenize(e,t)}},Ve=K0,$d=(()=>{let e=[...Array.from({length:94},(o,s)=>s+33),...Array.from({length:12},(o,s)=>s+161),...Array.from({length:82},(o,s)=>s+174)],t=e.slice(),r=0;for(let o=0;o<256;++o)e.includes(o)||(e.push(o),t.push(256+r),r+=1);let n=t.map(o=>String.fromCharCode(o));return Object.fromEntries(e.map((o,s)=>[o,n[s]]))})(),G0=e=>Object.fromEntries(Object.entries(e).map(([t,r])=>[r,t])),V0=G0($d),Ho="\\p{P}\\u0021-\\u002F\\u003A-\\u0040\\u005B-\\u0060\\u007B-\\u007E",H0=class extends Ve{constructor(e){super(),this.config=e,this.add_prefix_space=this.config.add_prefix_space??!1,this.trim_offsets=this.config.trim_offsets??!1,this.use_regex=this.config.use_regex??!0,this.pattern=/'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu,this.byte_encoder=$d,this.text_encoder=new TextEncoder}pre_tokenize_text(e,t){return this.add_prefix_space&&!e.startsWith(" ")&&(e=" "+e),(this.use_regex?e.match(this.pattern)||[]:[e]).map(n=>Array.from(this.text_encoder.encode(n),o=>this.byte_encoder[o]).join(""))}},J0=H0,X0=class extends Ve{pre_tokenize_text(e,t){return e.match(/\w+|[^\w\s]+/g)||[]}},Y0=X0,Q0=class extends Ve{constructor(e){super(),this.replacement=e.replacement??"\u2581",this.str_rep=e.str_rep||this.replacement,this.prepend_scheme=e.prepend_scheme??"always"}pre_tokenize_text(e,t){let{section_index:r=void 0}=t??{},n=e.replaceAll(" ",this.str_rep);return!n.startsWith(this.replacement)&&(this.prepend_scheme==="always"||this.prepend_scheme==="first"&&r===0)&&(n=this.str_rep+n),[n]}},Z0=Q0,ev=class extends Ve{constructor(e){super(),this.config=e,this.pattern=Jo(this.config.pattern??{},this.config.invert??!0)}pre_tokenize_text(e){return this.pattern===null?[]:this.config.invert?(e.match(this.pattern)||[]).filter(t=>t):this.config.behavior?.toLowerCase()==="removed"?e.split(this.pattern).filter(t=>t):m0(e,this.pattern)}},tv=ev,rv=class extends Ve{constructor(e){super(),this.config=e,this.pattern=new RegExp(`[^${Ho}]+|[${Ho}]+`,"gu")}pre_tokenize_text(e){return e.match(this.pattern)||[]}},nv=rv,ov=class extends Ve{constructor(e){super(),this.config=e;let t=`[^\\d]+|\\d${this.config.individual_digits?"":"+"}`;this.pattern=new RegExp(t,"gu")}pre_tokenize_text(e){return e.match(this.pattern)||[]}},sv=ov,iv=class extends Ve{constructor(){super(),this.pattern=new RegExp(`[^\\s${Ho}]+|[${Ho}]`,"gu")}pre_tokenize_text(e,t){return e.trim().match(this.pattern)||[]}},av=iv,cv=class extends Ve{constructor(e){super(),this.config=e,this.pattern=Jo(this.config.pattern??{}),this.content=this.config.content??""}pre_tokenize_text(e){return this.pattern===null?[e]:[e.replaceAll(this.pattern,this.config.content??"")]}},uv=cv,lv=class extends Ve{constructor(e){super(),this.tokenizers=(e.pretokenizers??[]).map(t=>kd(t))}pre_tokenize_text(e,t){return this.tokenizers.reduce((r,n)=>n?n.pre_tokenize(r,t):r,[e])}},fv=lv,dv=class extends Ve{pre_tokenize_text(e){return g0(e)}},pv=dv,hv=class extends Ve{constructor(e){super(),this.config=e,this._length=e.length}pre_tokenize_text(e){let t=[];for(let r=0;r<e.length;r+=this._length)t.push(e.slice(r,r+this._length));return t}},mv=hv;function gv(e){if(e===null)return null;switch(e.type){case"BertPreTokenizer":return new av;case"Sequence":return new fv(e);case"Whitespace":return new Y0;case"WhitespaceSplit":return new pv;case"Metaspace":return new Z0(e);case"ByteLevel":return new J0(e);case"Split":return new tv(e);case"Punctuation":return new nv(e);case"Digits":return new sv(e);case"Replace":return new uv(e);case"FixedLength":return new mv(e);default:throw new Error(`Unknown PreTokenizer type: ${e.type}`)}}var kd=gv,wv=class extends Pn{constructor(e){super(),this.config=e,this.vocab=[],this.tokens_to_ids=new Map,this.unk_token_id=void 0,this.unk_token=void 0,this.end_of_word_suffix=void 0,this.fuse_unk=this.config.fuse_unk??!1}_call(e){let t=this.encode(e);return this.fuse_unk&&(t=l0(t,this.tokens_to_ids,this.unk_token_id)),t}},Yo=wv,_v=class extends Yo{constructor(e){super(e),this.max_input_chars_per_word=100,this.tokens_to_ids=ka(e.vocab),this.unk_token_id=this.tokens_to_ids.get(e.unk_token),this.unk_token=e.unk_token,this.max_input_chars_per_word=e.max_input_chars_per_word??100,this.vocab=new Array(this.tokens_to_ids.size);for(let[t,r]of this.tokens_to_ids)this.vocab[r]=t}encode(e){let t=[];for(let r of e){let n=[...r];if(n.length>this.max_input_chars_per_word){t.push(this.unk_token);continue}let o=!1,s=0,i=[];for(;s<n.length;){let a=n.length,c=null;for(;s<a;){let u=n.slice(s,a).join("");if(s>0&&(u=this.config.continuing_subword_prefix+u),this.tokens_to_ids.has(u)){c=u;break}--a}if(c===null){o=!0;break}i.push(c),s=a}o?t.push(this.unk_token):t.push(...i)}return t}},id=_v,ad=class Ed{constructor(t,r){this.is_leaf=t,this.children=r}static default(){return new Ed(!1,new Map)}},bv=class{constructor(){this.root=ad.default()}extend(e){for(let t of e)this.push(t)}push(e){let t=this.root;for(let r of e){let n=t.children.get(r);n===void 0&&(n=ad.default(),t.children.set(r,n)),t=n}t.is_leaf=!0}*common_prefix_search(e,t=0){let r=this.root;if(r===void 0)return;let n="";for(let o=t;o<e.length;++o){let s=e[o];if(n+=s,r=r.children.get(s),r===void 0)return;r.is_leaf&&(yield n)}}},yv=bv,va=class Sd{constructor(t,r,n,o,s){this.token_id=t,this.node_id=r,this.pos=n,this.length=o,this.score=s,this.prev=null,this.backtrace_score=0}clone(){let t=new Sd(this.token_id,this.node_id,this.pos,this.length,this.score);return t.prev=this.prev,t.backtrace_score=this.backtrace_score,t}},vv=class{constructor(e,t,r){this.chars=Array.from(e),this.len=this.chars.length,this.bos_token_id=t,this.eos_token_id=r,this.nodes=[],this.begin_nodes=Array.from({length:this.len+1},()=>[]),this.end_nodes=Array.from({length:this.len+1},()=>[]);let n=new va(this.bos_token_id??0,0,0,0,0),o=new va(this.eos_token_id??0,1,this.len,0,0);this.nodes.push(n.clone()),this.nodes.push(o.clone()),this.begin_nodes[this.len].push(o),this.end_nodes[0].push(n)}insert(e,t,r,n){let o=this.nodes.length,s=new va(n,o,e,t,r);this.begin_nodes[e].push(s),this.end_nodes[e+t].push(s),this.nodes.push(s)}viterbi(){let e=this.len,t=0;for(;t<=e;){if(this.begin_nodes[t].length==0)return[];for(let i of this.begin_nodes[t]){i.prev=null;let a=0,c=null;for(let u of this.end_nodes[t]){let f=u.backtrace_score+i.score;(c===null||f>a)&&(c=u.clone(),a=f)}if(c!==null)i.prev=c,i.backtrace_score=a;else return[]}++t}let r=[],o=this.begin_nodes[e][0].prev;if(o===null)return[];let s=o.clone();for(;s.prev!==null;)r.push(s.clone()),s=s.clone().prev.clone();return r.reverse(),r}piece(e){return this.chars.slice(e.pos,e.pos+e.length).join("")}tokens(){return this.viterbi().map(t=>this.piece(t))}token_ids(){return this.viterbi().map(t=>t.token_id)}},xv=vv;function $v(e){if(e.length===0)throw new Error("Array must not be empty");let t=e[0],r=0;for(let n=1;n<e.length;++n)e[n]<t&&(t=e[n],r=n);return[t,r]}var kv=class extends Yo{constructor(e,t){super(e);let r=e.vocab.length;this.vocab=new Array(r),this.scores=new Array(r);for(let n=0;n<r;++n)[this.vocab[n],this.scores[n]]=e.vocab[n];this.unk_token_id=e.unk_id,this.unk_token=this.vocab[e.unk_id],this.tokens_to_ids=new Map(this.vocab.map((n,o)=>[n,o])),this.bos_token=" ",this.bos_token_id=this.tokens_to_ids.get(this.bos_token),this.eos_token=t,this.eos_token_id=this.tokens_to_ids.get(this.eos_token),this.unk_token=this.vocab[this.unk_token_id],this.min_score=$v(this.scores)[0],this.unk_score=this.min_score-10,this.scores[this.unk_token_id]=this.unk_score,this.trie=new yv,this.trie.extend(this.vocab),this.fuse_unk=!0}populate_nodes(e){let t=e.chars,r=1,n=0;for(;n<t.length;){let o=!1,s=this.trie.common_prefix_search(t,n);for(let i of s){let a=this.tokens_to_ids.get(i),c=this.scores[a],u=p0(i);e.insert(n,u,c,a),!o&&u===r&&(o=!0)}o||e.insert(n,r,this.unk_score,this.unk_token_id),n+=r}}tokenize(e){let t=new xv(e,this.bos_token_id,this.eos_token_id);return this.populate_nodes(t),t.tokens()}encode(e){let t=[];for(let r of e){let n=this.tokenize(r);t.push(...n)}return t}},cd=kv,Ev=class{constructor(e=(r,n)=>r>n,t=1/0){this._heap=[],this._comparator=e,this._max_size=t}get size(){return this._heap.length}is_empty(){return this.size===0}peek(){return this._heap[0]}push(...e){return this.extend(e)}extend(e){for(let t of e)if(this.size<this._max_size)this._heap.push(t),this._sift_up();else{let r=this._smallest();this._comparator(t,this._heap[r])&&(this._heap[r]=t,this._sift_up_from(r))}return this.size}pop(){let e=this.peek(),t=this.size-1;return t>0&&this._swap(0,t),this._heap.pop(),this._sift_down(),e}replace(e){let t=this.peek();return this._heap[0]=e,this._sift_down(),t}_parent(e){return(e+1>>>1)-1}_left(e){return(e<<1)+1}_right(e){return e+1<<1}_greater(e,t){return this._comparator(this._heap[e],this._heap[t])}_swap(e,t){let r=this._heap[e];this._heap[e]=this._heap[t],this._heap[t]=r}_sift_up(){this._sift_up_from(this.size-1)}_sift_up_from(e){for(;e>0&&this._greater(e,this._parent(e));)this._swap(e,this._parent(e)),e=this._parent(e)}_sift_down(){let e=0;for(;this._left(e)<this.size&&this._greater(this._left(e),e)||this._right(e)<this.size&&this._greater(this._right(e),e);){let t=this._right(e)<this.size&&this._greater(this._right(e),this._left(e))?this._right(e):this._left(e);this._swap(e,t),e=t}}_smallest(){return 2**Math.floor(Math.log2(this.size))-1}},Sv=Ev,Av=class{constructor(e){this.capacity=e,this.cache=new Map}get(e){if(!this.cache.has(e))return;let t=this.cache.get(e);return this.cache.delete(e),this.cache.set(e,t),t}put(e,t){this.cache.has(e)&&this.cache.delete(e),this.cache.set(e,t),this.cache.size>this.capacity&&this.cache.delete(this.cache.keys().next().value)}clear(){this.cache.clear()}},Ov=Av,Tv=class extends Yo{constructor(e){super(e),this.tokens_to_ids=ka(e.vocab),this.unk_token_id=this.tokens_to_ids.get(e.unk_token),this.unk_token=e.unk_token,this.vocab=new Array(this.tokens_to_ids.size);for(let[r,n]of this.tokens_to_ids)this.vocab[n]=r;let t=Array.isArray(e.merges[0]);this.merges=t?e.merges:e.merges.map(r=>r.split(" ",2)),this.bpe_ranks=new Map(this.merges.map((r,n)=>[JSON.stringify(r),n])),this.end_of_word_suffix=e.end_of_word_suffix,this.continuing_subword_suffix=e.continuing_subword_suffix??null,this.byte_fallback=this.config.byte_fallback??!1,this.byte_fallback&&(this.text_encoder=new TextEncoder),this.ignore_merges=this.config.ignore_merges??!1,this.max_length_to_cache=256,this.cache_capacity=1e4,this.cache=new Ov(this.cache_capacity)}clear_cache(){this.cache.clear()}bpe(e){if(e.length===0)return[];let t=this.cache.get(e);if(t!==void 0)return t;let r=Array.from(e);this.end_of_word_suffix&&(r[r.length-1]+=this.end_of_word_suffix);let n=[];if(r.length>1){let o=new Sv((a,c)=>a.score<c.score),s={token:r[0],bias:0,prev:null,next:null},i=s;for(let a=1;a<r.length;++a){let c={bias:a/r.length,token:r[a],prev:i,next:null};i.next=c,this.add_node(o,i),i=c}for(;!o.is_empty();){let a=o.pop();if(a.deleted||!a.next||a.next.deleted)continue;if(a.deleted=!0,a.next.deleted=!0,a.prev){let u={...a.prev};a.prev.deleted=!0,a.prev=u,u.prev?u.prev.next=u:s=u}let c={token:a.token+a.next.token,bias:a.bias,prev:a.prev,next:a.next.next};c.prev?(c.prev.next=c,this.add_node(o,c.prev)):s=c,c.next&&(c.next.prev=c,this.add_node(o,c))}for(let a=s;a!==null;a=a.next)n.push(a.token)}else n=r;if(this.continuing_subword_suffix)for(let o=0;o<n.length-1;++o)n[o]+=this.continuing_subword_suffix;return e.length<this.max_length_to_cache&&this.cache.put(e,n),n}add_node(e,t){let r=this.bpe_ranks.get(JSON.stringify([t.token,t.next.token]));r!==void 0&&(t.score=r+t.bias,e.push(t))}encode(e){let t=[];for(let r of e){if(this.ignore_merges&&this.tokens_to_ids.has(r)){t.push(r);continue}let n=this.bpe(r);for(let o of n)if(this.tokens_to_ids.has(o))t.push(o);else if(this.byte_fallback){let s=Array.from(this.text_encoder.encode(o)).map(i=>`<0x${i.toString(16).toUpperCase().padStart(2,"0")}>`);s.every(i=>this.tokens_to_ids.has(i))?t.push(...s):this.unk_token!=null&&t.push(this.unk_token)}else this.unk_token!=null&&t.push(this.unk_token)}return t}},ud=Tv,Mv=class extends Yo{constructor(e,t){super(e);let r=e.vocab;this.tokens_to_ids=ka(t.target_lang?r[t.target_lang]:r),this.bos_token=t.bos_token,this.bos_token_id=this.tokens_to_ids.get(this.bos_token),this.eos_token=t.eos_token,this.eos_token_id=this.tokens_to_ids.get(this.eos_token),this.pad_token=t.pad_token,this.pad_token_id=this.tokens_to_ids.get(this.pad_token),this.unk_token=t.unk_token,this.unk_token_id=this.tokens_to_ids.get(this.unk_token),this.vocab=new Array(this.tokens_to_ids.size);for(let[n,o]of this.tokens_to_ids)this.vocab[o]=n}encode(e){return e}},Nv=Mv;function Cv(e,t){switch(e.type){case"WordPiece":return new id(e);case"Unigram":return new cd(e,t.eos_token);case"BPE":return new ud(e);default:if(e.vocab)return Array.isArray(e.vocab)?new cd(e,t.eos_token):Object.hasOwn(e,"continuing_subword_prefix")&&Object.hasOwn(e,"unk_token")?Object.hasOwn(e,"merges")?new ud(e):new id(e):new Nv(e,{target_lang:t.target_lang,bos_token:t.bos_token,eos_token:t.eos_token,pad_token:t.pad_token,unk_token:t.unk_token});throw new Error(`Unknown TokenizerModel type: ${e?.type}`)}}var Iv=Cv,Rv=class extends Pn{constructor(e){super(),this.config=e}_call(e,...t){return this.post_process(e,...t)}},Bn=Rv,Lv=class extends Bn{post_process(e,t=null,r=!0){let n=t===null?this.config.single:this.config.pair,o=[],s=[];for(let i of n)"SpecialToken"in i?r&&(o.push(i.SpecialToken.id),s.push(i.SpecialToken.type_id)):"Sequence"in i&&(i.Sequence.id==="A"?(o=Ge(o,e),s=Ge(s,new Array(e.length).fill(i.Sequence.type_id))):i.Sequence.id==="B"&&(o=Ge(o,t),s=Ge(s,new Array(t.length).fill(i.Sequence.type_id))));return{tokens:o,token_type_ids:s}}},Pv=Lv,Bv=class extends Bn{post_process(e,t=null){return{tokens:e,tokens_pair:t}}},jv=Bv,zv=class extends Bn{constructor(e){super(e),this.sep=e.sep,this.cls=e.cls}post_process(e,t=null,r=!0){r&&(e=Ge([this.cls[0]],e,[this.sep[0]]));let n=new Array(e.length).fill(0);if(t){let o=[],s=r?[this.sep[0]]:[];e=Ge(e,o,t,s),n=Ge(n,new Array(t.length+o.length+s.length).fill(1))}return{tokens:e,token_type_ids:n}}},qv=zv,Dv=class extends Bn{constructor(e){super(e),this.sep=e.sep,this.cls=e.cls}post_process(e,t,r=!0){r&&(e=Ge([this.cls[0]],e,[this.sep[0]]));let n=new Array(e.length).fill(0);if(t){let o=r?[this.sep[0]]:[],s=r?[this.sep[0]]:[];e=Ge(e,o,t,s),n=Ge(n,new Array(t.length+o.length+s.length).fill(1))}return{tokens:e,token_type_ids:n}}},Wv=Dv,Uv=class extends Bn{constructor(e){super(e),this.processors=(e.processors??[]).map(t=>Ad(t))}post_process(e,t=null,r=!0){let n={tokens:e,tokens_pair:t};for(let o of this.processors)n=o.post_process(n.tokens,n.tokens_pair,r);return n}},Fv=Uv;function Kv(e){if(e===null)return null;switch(e.type){case"TemplateProcessing":return new Pv(e);case"ByteLevel":return new jv(e);case"BertProcessing":return new qv(e);case"RobertaProcessing":return new Wv(e);case"Sequence":return new Fv(e);default:throw new Error(`Unknown PostProcessor type: ${e.type}`)}}var Ad=Kv,Gv=class extends Pn{constructor(e){super(),this.config=e,this.added_tokens=[],this.end_of_word_suffix=null,this.trim_offsets="trim_offsets"in e?e.trim_offsets:!1}_call(e){return this.decode(e)}decode(e){return this.decode_chain(e).join("")}},tt=Gv,Vv=class extends tt{constructor(e){super(e),this.byte_decoder=V0,this.text_decoder=new TextDecoder("utf-8",{fatal:!1,ignoreBOM:!0}),this.end_of_word_suffix=null}convert_tokens_to_string(e){let t=e.join(""),r=new Uint8Array([...t].map(n=>this.byte_decoder[n]));return this.text_decoder.decode(r)}decode_chain(e){let t=[],r=[];for(let n of e)this.added_tokens.find(o=>o.content===n)!==void 0?(r.length>0&&(t.push(this.convert_tokens_to_string(r)),r=[]),t.push(n)):r.push(n);return r.length>0&&t.push(this.convert_tokens_to_string(r)),t}},Hv=Vv,Jv=class extends tt{constructor(e){super(e),this.cleanup=e.cleanup}decode_chain(e){return e.map((t,r)=>{if(r!==0){let n=this.config.prefix;n&&t.startsWith(n)?t=t.replace(n,""):t=" "+t}return this.cleanup&&(t=xa(t)),t})}},Xv=Jv,Yv=class extends tt{constructor(e){super(e),this.replacement=e.replacement??"\u2581"}decode_chain(e){let t=[];for(let r=0;r<e.length;++r){let n=e[r].replaceAll(this.replacement," ");r==0&&n.startsWith(" ")&&(n=n.substring(1)),t.push(n)}return t}},Qv=Yv,Zv=class extends tt{constructor(e){super(e),this.suffix=e.suffix??""}decode_chain(e){return e.map((t,r)=>t.replaceAll(this.suffix,r===e.length-1?"":" "))}},ex=Zv,tx=class extends tt{constructor(e){super(e),this.pad_token=e.pad_token??"",this.word_delimiter_token=e.word_delimiter_token??"",this.cleanup=e.cleanup}convert_tokens_to_string(e){if(e.length===0)return"";let t=[e[0]];for(let o=1;o<e.length;++o)e[o]!==t.at(-1)&&t.push(e[o]);let n=t.filter(o=>o!==this.pad_token).join("");return this.cleanup&&(n=xa(n).replaceAll(this.word_delimiter_token," ").trim()),n}decode_chain(e){return[this.convert_tokens_to_string(e)]}},rx=tx,nx=class extends tt{constructor(e){super(e),this.decoders=(e.decoders??[]).map(t=>Od(t))}decode_chain(e){return this.decoders.reduce((t,r)=>r.decode_chain(t),e)}},ox=nx,sx=class extends tt{constructor(e){super(e),this.pattern=Jo(this.config.pattern)}decode_chain(e){let t=this.config.content??"",r=this.pattern;return r===null?e:e.map(n=>n.replaceAll(r,t))}},ix=sx,ax=class extends tt{decode_chain(e){return[e.join("")]}},cx=ax,ux=class extends tt{constructor(e){super(e),this.content=e.content??"",this.start=e.start??0,this.stop=e.stop??0}decode_chain(e){return e.map(t=>{let r=0;for(let o=0;o<this.start&&t[o]===this.content;++o){r=o+1;continue}let n=t.length;for(let o=0;o<this.stop;++o){let s=t.length-o-1;if(t[s]===this.content){n=s;continue}else break}return t.slice(r,n)})}},lx=ux,fx=class extends tt{constructor(e){super(e),this.text_decoder=new TextDecoder}decode_chain(e){let t=[],r=[];for(let n of e){let o=null;if(n.length===6&&n.startsWith("<0x")&&n.endsWith(">")){let s=parseInt(n.slice(3,5),16);isNaN(s)||(o=s)}if(o!==null)r.push(o);else{if(r.length>0){let s=this.text_decoder.decode(Uint8Array.from(r));t.push(s),r=[]}t.push(n)}}if(r.length>0){let n=this.text_decoder.decode(Uint8Array.from(r));t.push(n),r=[]}return t}},dx=fx;function px(e){if(e===null)return null;switch(e.type){case"ByteLevel":return new Hv(e);case"WordPiece":return new Xv(e);case"Metaspace":return new Qv(e);case"BPEDecoder":return new ex(e);case"CTC":return new rx(e);case"Sequence":return new ox(e);case"Replace":return new ix(e);case"Fuse":return new cx(e);case"Strip":return new lx(e);case"ByteFallback":return new dx(e);default:throw new Error(`Unknown Decoder type: ${e.type}`)}}var Od=px,hx=class{constructor(e,t){let r=sd(e,"Tokenizer",["model","decoder","post_processor","pre_tokenizer","normalizer"]);if(r)throw new Error(r);let n=sd(t,"Config");if(n)throw new Error(n);this.tokenizer=e,this.config=t,this.normalizer=xd(this.tokenizer.normalizer),this.pre_tokenizer=kd(this.tokenizer.pre_tokenizer),this.model=Iv(this.tokenizer.model,this.config),this.post_processor=Ad(this.tokenizer.post_processor),this.decoder=Od(this.tokenizer.decoder),this.special_tokens=[],this.all_special_ids=[],this.added_tokens=[];let o=[],s=[];this.added_tokens_map=new Map;for(let i of this.tokenizer.added_tokens){let a=new Ky(i);if(this.added_tokens.push(a),this.model.tokens_to_ids.set(a.content,a.id),this.model.vocab[a.id]=a.content,a.special&&(this.special_tokens.push(a.content),this.all_special_ids.push(a.id)),this.added_tokens_map.set(a.content,a),a.normalized&&this.normalizer!==null){let c=this.normalizer(a.content);s.push(c),this.added_tokens_map.set(c,a)}else o.push(a.content)}(this.config.additional_special_tokens??[]).forEach(i=>{this.special_tokens.includes(i)||this.special_tokens.push(i)}),this.decoder&&(this.decoder.added_tokens=this.added_tokens,this.decoder.end_of_word_suffix=this.model.end_of_word_suffix),this.splitter_unnormalized=new ed(o),this.splitter_normalized=new ed(s),this.remove_space=this.config.remove_space,this.clean_up_tokenization_spaces=this.config.clean_up_tokenization_spaces??!0,this.do_lowercase_and_remove_accent=this.config.do_lowercase_and_remove_accent??!1}encode(e,{text_pair:t=null,add_special_tokens:r=!0,return_token_type_ids:n=null}={}){let{tokens:o,token_type_ids:s}=this.tokenize_helper(e,{text_pair:t,add_special_tokens:r}),i=o.map(c=>this.added_tokens_map.get(c)?.id??this.model.tokens_to_ids.get(c)??this.model.unk_token_id),a={ids:i,tokens:o,attention_mask:new Array(i.length).fill(1)};return n&&s&&(a.token_type_ids=s),a}decode(e,t={}){if(!Array.isArray(e)||e.length===0||!d0(e[0]))throw Error("token_ids must be a non-empty array of integers.");let r=e.map(o=>this.model.vocab[Number(o)]??this.model.unk_token);t.skip_special_tokens&&(r=r.filter(o=>!this.special_tokens.includes(o)));let n=this.decoder?this.decoder(r):r.join(" ");return this.decoder&&this.decoder.end_of_word_suffix&&(n=n.replaceAll(this.decoder.end_of_word_suffix," "),t.skip_special_tokens&&(n=n.trim())),(t.clean_up_tokenization_spaces??this.clean_up_tokenization_spaces)&&(n=xa(n)),n}tokenize(e,{text_pair:t=null,add_special_tokens:r=!1}={}){return this.tokenize_helper(e,{text_pair:t,add_special_tokens:r}).tokens}encode_text(e){if(e===null)return null;let t=this.splitter_unnormalized.split(e);return t.forEach((r,n)=>{let o=this.added_tokens_map.get(r);o&&(o.lstrip&&n>0&&(t[n-1]=t[n-1].trimEnd()),o.rstrip&&n<t.length-1&&(t[n+1]=t[n+1].trimStart()))}),t.flatMap((r,n)=>{if(r.length===0)return[];if(this.added_tokens_map.has(r))return[r];if(this.remove_space===!0&&(r=r.trim().split(/\s+/).join(" ")),this.do_lowercase_and_remove_accent&&(r=h0(r)),this.normalizer!==null&&(r=this.normalizer(r)),r.length===0)return[];let o=this.splitter_normalized.split(r);return o.forEach((s,i)=>{let a=this.added_tokens_map.get(s);a&&(a.lstrip&&i>0&&(o[i-1]=o[i-1].trimEnd()),a.rstrip&&i<o.length-1&&(o[i+1]=o[i+1].trimStart()))}),o.flatMap(s=>{if(s.length===0)return[];if(this.added_tokens_map.has(s))return[s];let i=this.pre_tokenizer!==null?this.pre_tokenizer(s,{section_index:n}):[s];return this.model(i)})})}tokenize_helper(e,{text_pair:t=null,add_special_tokens:r=!0}){let n=this.encode_text(e),o=this.encode_text(t||null);return this.post_processor?this.post_processor(n,o,r):{tokens:Ge(n??[],o??[])}}token_to_id(e){return this.model.tokens_to_ids.get(e)}id_to_token(e){return this.model.vocab[e]}get_added_tokens_decoder(){let e=new Map;for(let t of this.added_tokens)e.set(t.id,t);return e}get_vocab(e=!0){let t=new Map;for(let r=0;r<this.model.vocab.length;++r){let n=this.model.vocab[r];(e||!this.added_tokens_map.has(n))&&t.set(n,r)}return t}},Ea=hx;var Sa=1<<22;function Td(e){let t=r=>{if(r===null)return;for(let i of r.normalizers??[])t(i);let{pattern:n,config:{type:o,content:s=""}={}}=r;o!=="Replace"||!n||(r.normalize=i=>{if(i.length*(1+s.length)+s.length<=Sa&&!s.includes("$"))return i.replaceAll(n,s);let c=i.length;return i.replaceAll(n,u=>{if(c+=s.length-u.length,c>Math.max(i.length,Sa))throw new b(`tokenizer.json: normalizer: expected texts of at most ${Sa} characters, found that it makes a longer one by writing ${JSON.stringify(s.slice(0,40))} over and over; use the model's own file`);return s})})};t(e)}var mx=new TextEncoder,gx=Array.from({length:256},(e,t)=>`<0x${t.toString(16).toUpperCase().padStart(2,"0")}>`);function Md(e){let{vocab:t,byte_fallback:r}=e.config;if(!Array.isArray(t)||r!==!0)return;let n=e._call.bind(e);e._call=o=>n(o).flatMap(s=>{if(e.tokens_to_ids.has(s))return[s];let i=Array.from(mx.encode(s),a=>gx[a]);return i.every(a=>e.tokens_to_ids.has(a))?i:[s]})}var Rd=new TextEncoder;function Ld(e){let t=new Map(e.added.map(s=>[s.content,s])),n=e.added.map(({content:s})=>s).filter(s=>s!=="").sort((s,i)=>i.length-s.length).map(wx).join("|")||"(?!)",o=new RegExp(n,"gu");return({text:s,literal:i,trained:a})=>{let c=[],u=[],f=(p,h)=>a.some(([g,m])=>p<m&&h>g)?1:0,l=(p,h)=>{h>p&&bx(e,s.slice(p,h),p,a,c,u)},d=o.lastIndex=0;for(let p=o.exec(s);p!==null;p=o.exec(s)){let h=t.get(p[0]),g=p.index,m=g+p[0].length;if(i.has(g)||h.single_word&&!_x(s,g,m))continue;let w=h.lstrip?d+s.slice(d,g).trimEnd().length:g,_=h.rstrip?m+/^\s*/.exec(s.slice(m))[0].length:m;l(d,w),c.push(h.id),u.push(f(w,_)),d=o.lastIndex=_}return l(d,s.length),{ids:c,mask:u}}}function wx(e){return e.replace(/[\\^$.*+?()[\]{}|/]/g,"\\$&")}function _x(e,t,r){return!/[\p{L}\p{N}_]$/u.test(e.slice(0,t))&&!/^[\p{L}\p{N}_]/u.test(e.slice(r))}function bx(e,t,r,n,o,s){let i=e.normalise(t),a=e.cut(i,r===0),c=n.filter(([l,d])=>l<r+t.length&&d>r),u=c.length>0?yx(e,i,a):void 0,f=c.map(([l,d])=>[Nd(e,t,i,u.shift,l-r),Nd(e,t,i,u.shift,d-r)]);a.forEach((l,d)=>{let p=e.tokens(l);for(let h=0;h<p.ids.length;h++){if(o.push(p.ids[h]),u===void 0){s.push(0);continue}let g=u.at[d]+p.from[h],m=u.at[d]+p.to[h];s.push(f.some(([w,_])=>g<_&&m>w)?1:0)}})}function Nd(e,t,r,n,o){if(o<0)return-1;if(o>=t.length)return 1/0;let s=o===0?e.prefix:e.normalise(t.slice(0,o));return n+(e.bytes?Pd(Cd(s,r)):Cd(s,r).length)}function Cd(e,t){if(t.startsWith(e))return e;let r=0;for(;r<e.length&&e[r]===t[r];)r++;return e.slice(0,r)}function Pd(e){return Rd.encode(e).length}function yx(e,t,r){let n=()=>new b("tokenizer.json: expected a pre-tokenizer that keeps the text as it is, found one after which the places of tokens are not known; what is trained cannot be told from the rest"),o=[];if(e.bytes){let u=0;for(let l of r)o.push(u),u+=l.length;let f=u-Pd(t);if(f!==0&&f!==1)throw n();return{at:o,shift:f}}let s=u=>u.replaceAll("\u2581"," "),i=r.length>0&&s(t).startsWith(s(r[0]))?0:r[0]?.startsWith("\u2581")?1:0,a=" ".repeat(i)+s(t),c=0;for(let u of r){let f=a.indexOf(s(u),c);if(f<0||a.slice(c,f).trim()!=="")throw n();o.push(f),c=f+u.length}return{at:o,shift:i}}function Bd(e,t,{unknown:r,continuing:n=""}){let o=[],s=[],i=0,a=[],c=0;for(let[u,f]of t.entries()){let l=-1,d=/^<0x([0-9A-F]{2})>$/.exec(f);if(a.length===0&&e.startsWith(f,i))l=f.length;else if(a.length===0&&u>0&&n!==""&&f.startsWith(n)){let p=f.slice(n.length);e.startsWith(p,i)&&(l=p.length)}if(l<0&&d!==null&&i<e.length){if(a.length===0){let p=String.fromCodePoint(e.codePointAt(i));c=p.length,a=[...Rd.encode(p)]}if(a.shift()===parseInt(d[1],16)){o.push(i),s.push(i+c),a.length===0&&(i+=c);continue}}if(l<0&&f===r&&i<e.length&&(l=t.length===1?e.length:String.fromCodePoint(e.codePointAt(i)).length),l<0)throw Id(e,t);o.push(i),s.push(i+=l)}if(i!==e.length||a.length>0)throw Id(e,t);return{from:o,to:s}}function Id(e,t){return new b(`tokenizer.json: expected tokens that spell ${JSON.stringify(e)}, found ${JSON.stringify(t)}; what is trained cannot be told from the rest`)}var jd=(1<<24)-1,vx=5e4;function zd(e){let t;try{t=typeof e=="string"?JSON.parse(e):e}catch(m){throw new b(`tokenizer.json: expected JSON, found ${m.message}`)}if(typeof t?.model?.vocab!="object"||t.model.vocab===null)throw new b("tokenizer.json: expected a model with a vocabulary, found none; export it with `tokenizers`");kx(t);let r=new Map;for(let m of t.added_tokens??[])m.special&&r.set(m.content,m.id);let n,o,s=new Map;try{let m=new Ea(qd(t),{clean_up_tokenization_spaces:!1});for(let[w,_]of m.get_vocab())w!==void 0&&s.set(w,_);o=$x(m),n=new Ea(Ex(t,r),{clean_up_tokenization_spaces:!1})}catch(m){throw new b(`tokenizer.json: cannot be read by @huggingface/tokenizers: ${m.message}`)}if(n.model===null)throw new b("tokenizer.json: expected a model, found none");let i=n.model;Md(i),Td(n.normalizer);let a=(t.added_tokens??[]).some(m=>!r.has(m.content)),c=new Map([...r].map(([m,w])=>[w,m])),u=0;for(let m of s.values())u=Math.max(u,m+1);let f=new Map,l={unknown:xx(t),continuing:t.model.continuing_subword_prefix??void 0},d=m=>{let w=f.get(m);if(w!==void 0)return w;let _={ids:[],tokens:[]};for(let y of i([m])){let E=i.tokens_to_ids.get(y)??i.unk_token_id;E!==void 0&&(_.ids.push(E),_.tokens.push(y))}return f.size>=vx&&f.clear(),f.set(m,_),_},p=m=>n.normalizer===null?m:n.normalizer(m),h=(m,w)=>n.pre_tokenizer===null?[m]:n.pre_tokenizer(m,{section_index:w}),g=Ld({added:t.added_tokens??[],normalise:p,prefix:Aa(t.normalizer,"Prepend")?p(""):"",cut:(m,w)=>h(m,w?0:1),bytes:Aa(t.pre_tokenizer,"ByteLevel"),tokens(m){let w=d(m);return w.places??=Bd(m,w.tokens,l),{ids:w.ids,...w.places}}});return{vocabSize:u,encode(m){return m===""?[]:a?n.encode(m,{add_special_tokens:!1}).ids:h(p(m),0).flatMap(w=>d(w).ids)},decode(m){let w=[];for(let _ of m)_>=0&&_<u&&!c.has(_)&&w.push(_);return w.length===0?"":n.decode(w)},id:m=>s.get(m),special:m=>c.get(m),specials:[...r.keys()],around:o,encodeRendered:g}}function Aa(e,t){if(typeof e!="object"||e===null)return!1;let{type:r,normalizers:n,pretokenizers:o}=e;return r===t||[n,o].some(s=>Array.isArray(s)&&s.some(i=>Aa(i,t)))}function xx({model:{vocab:e,unk_token:t,unk_id:r}}){return t??(Array.isArray(e)&&typeof r=="number"?e[r]?.[0]:void 0)}function $x(e){let t="\u{10FFFF}",r=e.post_processor===null?[t]:e.post_processor([t],null,!0).tokens,n=r.indexOf(t),o=s=>s.map(i=>e.token_to_id(i)).filter(i=>i!==void 0);return n<0?{before:[],after:[]}:{before:o(r.slice(0,n)),after:o(r.slice(n+1))}}function kx({model:{vocab:e},added_tokens:t}){let r=t??[],n=(o,s)=>{if(!(Number.isInteger(s)&&s>=0&&s<=jd))throw new b(`tokenizer.json: expected an id from 0 to ${jd} for ${JSON.stringify(o)}, found ${JSON.stringify(s)}`)};if(!Array.isArray(e))for(let[o,s]of Object.entries(e))n(o,s);if(!Array.isArray(r))throw new b(`tokenizer.json: added_tokens: expected a list, found ${JSON.stringify(r)?.slice(0,99)}`);for(let o of r){if(typeof o?.content!="string")throw new b(`tokenizer.json: added_tokens: expected tokens with a content, found ${JSON.stringify(o)?.slice(0,99)}`);n(o.content,o.id)}}function qd(e){return{normalizer:null,pre_tokenizer:null,post_processor:null,decoder:null,added_tokens:[],...e}}function Ex(e,t){let r=e.model.vocab,n=o=>t.has(o)&&o!==e.model.unk_token;return{...qd(e),added_tokens:(e.added_tokens??[]).filter(o=>!t.has(o.content)),model:{...e.model,vocab:Array.isArray(r)?r.map(([o,s],i)=>[n(o)?`\u{10FFFF}${i}`:o,s]):Object.fromEntries(Object.entries(r).filter(([o])=>!n(o)))}}}var ne={f32:4,f16:2,i32:4},G=class e{shape;dtype;slot;offset;requiresGrad=!1;gradient;origin;constructor(t,r,n,o=0,s){this.shape=t,this.dtype=r,this.slot=n,this.offset=o,this.origin=s??this}static of(t,r,n,o="f32"){let s=de(r);if(n&&n.length!==s)throw new Error(`expected ${s} values for shape [${r}], found ${n.length}`);let i=s*ne[o],a=t.buffer(i,`tensor [${r}]`),c=new e(r,o,{label:a.label,bytes:i,buffer:a,offset:0});return n&&c.write(t,o==="i32"?Int32Array.from(n):Float32Array.from(n)),c}get size(){return de(this.shape)}get bytes(){return this.size*ne[this.dtype]}get slice(){return{slot:this.slot,offset:this.offset,bytes:this.bytes,f16:this.dtype==="f16"}}view(t){if(de(t)!==this.size)throw new Error(`cannot view [${this.shape}] as [${t}]`);let r=new e(t,this.dtype,this.slot,this.offset,this.origin);return r.requiresGrad=this.requiresGrad,r.gradient=this.gradient?.view(t),r}rows(t,r){let n=this.size/(this.shape[0]??1),o=this.offset+t*n*ne[this.dtype];if(o%256!==0)throw new Error(`rows: offset ${o} bytes is not a multiple of 256`);return new e([r,...this.shape.slice(1)],this.dtype,this.slot,o)}write(t,r){if(r.length===0)return;let n=this.slot.offset+this.offset;if(this.dtype!=="f16"){t.device.queue.writeBuffer(this.#e(),n,r);return}if(r.length!==this.size||this.size%2===1&&this.bytes<this.slot.bytes)throw new Error(`f16 tensor [${this.shape}]: expected ${this.size} values for the whole of it, found ${r.length} for ${this.bytes} of ${this.slot.bytes} bytes`);let o=new Float16Array(2*Math.ceil(r.length/2));o.set(r),t.device.queue.writeBuffer(this.#e(),n,o)}async read(t){let r=await t.read(this.#e(),this.slot.offset+this.offset,this.bytes);return this.dtype==="f32"?new Float32Array(r):Float32Array.from(this.dtype==="f16"?new Float16Array(r):new Int32Array(r))}destroy(t){t.release(this.#e())}#e(){if(!this.slot.buffer)throw new Error(`tensor "${this.slot.label}" is intermediate: name it as an output of its program to read it`);return this.slot.buffer}};function de(e){return e.reduce((t,r)=>t*r,1)}function j(e,t,r,n){if(r.length!==n.length||n.some((o,s)=>o!==-1&&o!==r[s])){let o=n.map(s=>s===-1?"*":s);throw new Error(`${e}: ${t} must have shape [${o}], found [${r}]`)}}var Sx=256,Ax=2048;function Qo(e,t){return e>Ax?Sx/t:0}function Oa(e){return{GELU:+(e==="gelu"),GELU_TANH:+(e==="gelu_tanh"),QUICK_GELU:+(e==="quick_gelu"),SILU:+(e==="silu")}}var Yt=["y","saved","residual"];function Ct({bias:e,save:t,residual:r}){let n=["y"];return e&&n.push("bias"),t&&n.push("saved"),r&&n.push("residual"),n}function Qt(e,t){let r=Ct(e),n=s=>Math.max(0,r.indexOf(s))&&t+r.indexOf(s),{activation:o}=e;return{Y:t,BIAS:n("bias"),SAVE:n("saved"),RESIDUAL:n("residual"),PARAMS:t+r.length,PITCHED:+(e.pitches!==void 0),SCALED:+(e.scale!==void 0),ACTIVATION:+(o!==void 0),...Oa(o)}}function Zt({m:e,n:t,k:r,add:n,pitches:o,scale:s}){let i=o?[o.a,o.b,o.y]:[];return[e,t,r,Number(n),...i.flatMap(({row:a,first:c})=>[a,c]),...s===void 0?[]:[H(s)]]}function It({pitches:e},...t){return!e||t.every(r=>e[r].row%4===0&&e[r].first%4===0)}function er(e){let{layout:t,m:r,n,k:o,bias:s,save:i,residual:a,activation:c,add:u,pitches:f,scale:l}=e;return[...[t,`M${r} N${n} K${o}`,c??"",l!==void 0&&"scaled"],s&&"bias",i&&"save",a&&"residual",u&&"add",f&&"piece"].filter(Boolean).join(" ")}var Dd=`// Matrix product Y[M,N] = A[M,K]\xB7B[N,K]\u1D40 with its endings where M is at most four and B large, as when tokens are
// generated one by one: the time goes into reading B, which is read once, each load of 16 bytes beside its neighbour's.
//
// A workgroup takes COLS columns of Y, that is rows of B; its LANES invocations walk along K side by side, and what they
// have added up goes through workgroup memory. With HALF, B is in 16 bits, eight values a load.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
//#if HALF
@group(0) @binding(1) var<storage, read_write> b: array<vec4u>;
//#else
@group(0) @binding(1) var<storage, read_write> b: array<vec4f>;
//#end HALF
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending
//#include lane_sum

var<workgroup> sums: array<vec4f, \${ROWS * VCOLS * LANES}>; // [row, column / 4, lane]

@compute @workgroup_size(\${WORKGROUP})
fn gemv(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let column = \${COLS}u * group_index(group, groups); // past the last one nothing is stored: all stay until the barrier
  let k4 = p.k / 4u;
  // Where rows of A and B begin, in vec4s and in loads.
  //#if PITCHED
  let a_pitch = p.a_pitch / 4u;
  let a_first = p.a_first / 4u;
  let b_pitch = p.b_pitch / \${EACH}u;
  let b_first = p.b_first / \${EACH}u;
  //#else
  let a_pitch = k4;
  let a_first = 0u;
  let b_pitch = p.k / \${EACH}u;
  let b_first = 0u;
  //#end PITCHED
  //#repeat c COLS
  let row\${c} = b_first + min(column + \${c}u, p.n - 1u) * b_pitch;
  //#repeat r ROWS
  var y\${r}_\${c} = vec4f();
  //#end r
  //#end c
  for (var k = lane; k < p.k / \${EACH}u; k += \${LANES}u) {
    //#repeat r ROWS
    let at\${r} = a_first + \${r}u * a_pitch + \${EACH / 4}u * k;
    let a\${r} = load_a(at\${r});
    //#if HALF
    let more\${r} = load_a(at\${r} + 1u);
    //#end HALF
    //#end r
    //#repeat c COLS
    let b\${c} = b[row\${c} + k];
    //#if HALF
    let low\${c} = vec4f(unpack2x16float(b\${c}.x), unpack2x16float(b\${c}.y));
    let high\${c} = vec4f(unpack2x16float(b\${c}.z), unpack2x16float(b\${c}.w));
    //#repeat r ROWS
    y\${r}_\${c} = fma(more\${r}, high\${c}, fma(a\${r}, low\${c}, y\${r}_\${c}));
    //#end r
    //#else
    //#repeat r ROWS
    y\${r}_\${c} = fma(a\${r}, b\${c}, y\${r}_\${c});
    //#end r
    //#end HALF
    //#end c
  }
  //#repeat r ROWS
  //#repeat v VCOLS
  sums[\${(r * VCOLS + v) * LANES}u + lane] = vec4f(
    lane_sum(y\${r}_\${4 * v}), lane_sum(y\${r}_\${4 * v + 1}), lane_sum(y\${r}_\${4 * v + 2}), lane_sum(y\${r}_\${4 * v + 3}));
  //#end v
  //#end r
  workgroupBarrier();
  // An invocation adds up and ends four columns of a row.
  if (lane >= \${ROWS * VCOLS}u) { return; }
  var sum = vec4f();
  //#repeat l LANES
  sum += sums[lane * \${LANES}u + \${l}u];
  //#end l
  end(lane / \${VCOLS}u, column + 4u * (lane % \${VCOLS}u), sum);
}
`;var Tx=4,Mx=1<<18,Nx=65536,Cx={cpu:{lanes:8,columns:8},gpu:{lanes:32,columns:4}},Ix={name:"gemv",wgsl:Dd,constants:e=>({...Qt(e,2),VECTOR:Number(e.n%4===0&&It(e,"y")),HALF:Number(e.half),EACH:e.half?8:4,ROWS:e.m,COLS:e.columns,VCOLS:e.columns/4,LANES:e.lanes}),bindings:e=>["a","b",...Ct(e)],f16:["a","b",...Yt],params:Zt,workgroup:({lanes:e})=>e,groups:({n:e,columns:t})=>R(Math.ceil(e/t),1),label:e=>`${er(e)}${e.half?" half":""}`,operations:({m:e,n:t,k:r})=>2*e*t*r};function Wd({layout:e,m:t,n:r,k:n}){return e==="NT"&&t<=Tx&&n%8===0&&n<=Nx&&r*n>=Mx}function Rx(e,t,r){return{...e,...Cx[r],half:t}}function Ud(e,t,r){e.dispatch(Ix,Rx(t,r[1].dtype==="f16",Te(e.gpu)),r)}function rt(e,t){let r=Math.floor(e.largestBinding/4/65536)*65536;if(r===0)throw new Error(`bindings of ${e.largestBinding} bytes are too small; ${4*65536} are needed`);let n=[];for(let o=0;o<t;o+=r)n.push({first:o,count:Math.min(r,t-o)});return n}var Ta=256;function jn(e){let t=1;for(;t*e%Ta!==0;)t*=2;return t}function qr(e,t,r){if(t*r<=e.largestBinding)return[{first:0,count:t}];let n=jn(r),o=Math.max(n,Math.floor(e.largestBinding/r/n)*n);return Array.from({length:Math.ceil(t/o)},(s,i)=>({first:i*o,count:Math.min(o,t-i*o)}))}var Zo={NT:{a:["m","k"],b:["n","k"]},NN:{a:["m","k"],b:["k","n"]},TN:{a:["k","m"],b:["k","n"]}},Fd=["m","n"];function Kd(e,t,r){return e?{width:t.shape.at(-1),first:e.first}:{width:r,first:0}}function Gd({layout:e,m:t,n:r,k:n},{a:o,b:s,y:i,others:a,columns:c={}},u,f,l=1){let d={m:t,n:r,k:n},p={m:t,n:r,k:Math.min(n,f)},h={m:4,n:4,k:4},g=(w,[_,y],E,x=0)=>{if(!w.every(({bytes:v})=>v<=u))for(let v of w){let A=Kd(E,v,d[y]).width*ne[v.dtype];h[_]=Math.max(h[_],jn(A)),v.bytes>u&&(p[_]=Math.min(p[_],Math.floor(u/Math.max(A,x))))}};g([o],Zo[e].a,c.a),g([s],Zo[e].b,c.b),g([i,...a],Fd,c.y,4*r),l>1&&4*l*t*r>u&&(p.m=Math.min(p.m,Math.floor(u/(4*l*r))));let m=w=>{if(p[w]>=d[w])return[{first:0,count:d[w]}];let _=Math.max(h[w],Math.floor(p[w]/h[w])*h[w]);return Array.from({length:Math.ceil(d[w]/_)},(y,E)=>({first:E*_,count:Math.min(_,d[w]-E*_)}))};return m("m").flatMap(w=>m("n").flatMap(_=>m("k").map(y=>({m:w,n:_,k:y}))))}function Vd({layout:e,m:t,n:r,k:n},{a:o,b:s,y:i,others:a,columns:c={}},u){let f={m:t,n:r,k:n},l=(_,[y,E],x)=>{let{width:v,first:A}=Kd(x,_[0],f[E]),{first:I,count:M}=u[y],F=_.every(({dtype:_e})=>I*v*ne[_e]%Ta===0);return{tensors:F&&M<f[y]?_.map(_e=>_e.view([f[y],v]).rows(I,M)):_,pitch:{row:v,first:A+u[E].first+(F?0:I*v)},own:F&&u[E].count===v}},d=l([o],Zo[e].a,c.a),p=l([s],Zo[e].b,c.b),h=l([i,...a],Fd,c.y),[g,...m]=h.tensors,w=d.own&&p.own&&h.own;return{a:d.tensors[0],b:p.tensors[0],y:g,others:m,pitches:w?void 0:{a:d.pitch,b:p.pitch,y:h.pitch}}}var Hd=`// Matrix product Y = op(A)\xB7op(B) with its endings, of any size, in registers. Layouts as in gemm.wgsl.
//
// As there an invocation holds a tile of ROWS\xD7COLS outputs (COLS = 4\xB7VCOLS) and walks K four at a time, but loads and
// stores go element by element within bounds. Blocks of a long K and the limit of its trips are as there.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

// Where elements of A and B lie.
//#if PITCHED
fn a_at(row: u32, column: u32) -> u32 { return row * p.a_pitch + p.a_first + column; }
fn b_at(row: u32, column: u32) -> u32 { return row * p.b_pitch + p.b_first + column; }
//#else
//#if TN
fn a_at(row: u32, column: u32) -> u32 { return row * p.m + column; }
//#else
fn a_at(row: u32, column: u32) -> u32 { return row * p.k + column; }
//#end TN
//#if NT
fn b_at(row: u32, column: u32) -> u32 { return row * p.k + column; }
//#else
fn b_at(row: u32, column: u32) -> u32 { return row * p.n + column; }
//#end NT
//#end PITCHED

// op(A)[row, k] and op(B)[k, column]; 0 outside. One way out of each: these are inlined many times, and SwiftShader
// compiles for minutes where that brings as many early returns.
fn at_a(row: u32, k: u32) -> f32 {
  var x = 0.0;
  if ((row < p.m) & (k < p.k)) {
    //#if TN
    x = f32(a[a_at(k, row)]);
    //#else
    x = f32(a[a_at(row, k)]);
    //#end TN
  }
  return x;
}
fn at_b(k: u32, column: u32) -> f32 {
  var x = 0.0;
  if ((column < p.n) & (k < p.k)) {
    //#if NT
    x = f32(b[b_at(column, k)]);
    //#else
    x = f32(b[b_at(k, column)]);
    //#end NT
  }
  return x;
}

@compute @workgroup_size(\${WORKGROUP})
fn gemm_any(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = item_index(id, groups);
  let across = (p.n + \${COLS}u - 1u) / \${COLS}u;
  let row = (tile / across) * \${ROWS}u;
  let column = (tile % across) * \${COLS}u;
  if (row >= p.m) { return; }

  //#repeat i ROWS
  //#repeat j VCOLS
  var y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  let steps = (p.k + 3u) / 4u;
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  var sum\${i}_\${j} = vec4f();
  //#end j
  //#end i
  for (var first = 0u; first < steps; first += \${BLOCK}u) {
  for (var k = first; k < min(first + \${BLOCK}u, steps); k++) {
  //#else
  for (var k = 0u; k < steps; k++) {
  //#end BLOCK
    //#repeat i ROWS
    let a\${i} = vec4f(
      at_a(row + \${i}u, 4u * k), at_a(row + \${i}u, 4u * k + 1u),
      at_a(row + \${i}u, 4u * k + 2u), at_a(row + \${i}u, 4u * k + 3u));
    //#end i
    //#repeat j VCOLS
    //#repeat q 4
    let b\${j}_\${q} = vec4f(
      at_b(4u * k + \${q}u, column + \${4 * j}u), at_b(4u * k + \${q}u, column + \${4 * j + 1}u),
      at_b(4u * k + \${q}u, column + \${4 * j + 2}u), at_b(4u * k + \${q}u, column + \${4 * j + 3}u));
    //#end q
    let b\${j} = mat4x4f(b\${j}_0, b\${j}_1, b\${j}_2, b\${j}_3);
    //#repeat i ROWS
    //#include gemm_step
    //#end i
    //#end j
  }
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  sum\${i}_\${j} += y\${i}_\${j};
  y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  }
  //#end BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  //#if BLOCK
  end(row + \${i}u, column + \${4 * j}u, sum\${i}_\${j});
  //#else
  end(row + \${i}u, column + \${4 * j}u, y\${i}_\${j});
  //#end BLOCK
  //#end j
  //#end i
}
`;var Jd=`// Matrix product Y = op(A)\xB7op(B) with its endings, in registers: the form for CPU drivers, where 4 divides N and K (and
// M, of TN). gemm_any.wgsl takes all other sizes, gemm_tiled.wgsl is the form for GPUs.
//
//   NT: Y[M,N] = A[M,K]\xB7B[N,K]\u1D40   a layer's forward (weights as Hugging Face stores them: [out, in])
//   NN: Y[M,N] = A[M,K]\xB7B[K,N]    its input gradient  dX = dY\xB7W
//   TN: Y[M,N] = A[K,M]\u1D40\xB7B[K,N]   its weight gradient dW = dY\u1D40\xB7X
//
// One invocation holds a tile of ROWS\xD7COLS outputs (COLS = 4\xB7VCOLS) in registers and walks K four at a time,
// so each loaded vec4 serves a whole row or column of the tile. Neighbouring invocations take neighbouring
// column tiles. The operands are read through textures where these are large enough (src/gpu/program/textures.ts).
// Where K is long, what BLOCK trips add up goes into a second set of sums (blocked summation, Higham 1993), so that
// rounding grows with the blocks and not with K. All trips together must stay under 65,535, a driver's limit.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

@compute @workgroup_size(\${WORKGROUP})
fn gemm(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = item_index(id, groups);
  let across = (p.n + \${COLS}u - 1u) / \${COLS}u;
  let row = (tile / across) * \${ROWS}u;
  let column = (tile % across) * \${COLS}u;
  if (row >= p.m) { return; }

  //#repeat i ROWS
  //#repeat j VCOLS
  var y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  let k4 = p.k / 4u;
  // vec4s from a row of A and B to the next, and before their first column.
  //#if PITCHED
  let a_pitch = p.a_pitch / 4u;
  let b_pitch = p.b_pitch / 4u;
  let a_first = p.a_first / 4u;
  let b_first = p.b_first / 4u;
  //#else
  let a_first = 0u;
  let b_first = 0u;
  //#if TN
  let a_pitch = p.m / 4u;
  //#else
  let a_pitch = k4;
  //#end TN
  //#if NT
  let b_pitch = k4;
  //#else
  let b_pitch = p.n / 4u;
  //#end NT
  //#end PITCHED
  // Where the tile's rows of A begin (TN: its columns), and its columns of B (NT: its rows).
  //#if TN
  //#repeat i VROWS
  let ra\${i} = a_first + min(row / 4u + \${i}u, p.m / 4u - 1u);
  //#end i
  //#else
  //#repeat i ROWS
  let ra\${i} = a_first + min(row + \${i}u, p.m - 1u) * a_pitch;
  //#end i
  //#end TN
  //#if NT
  //#repeat j COLS
  let cb\${j} = b_first + min(column + \${j}u, p.n - 1u) * b_pitch;
  //#end j
  //#else
  //#repeat j VCOLS
  let cb\${j} = b_first + min(column / 4u + \${j}u, p.n / 4u - 1u);
  //#end j
  //#end NT
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  var sum\${i}_\${j} = vec4f();
  //#end j
  //#end i
  for (var first = 0u; first < k4; first += \${BLOCK}u) {
  for (var k = first; k < min(first + \${BLOCK}u, k4); k++) {
  //#else
  for (var k = 0u; k < k4; k++) {
  //#end BLOCK
    // a: the tile's rows, a vec4 along k each.
    //#if TN
    //#repeat i VROWS
    let ta\${i} = transpose(mat4x4f(
      load_a(4u * k * a_pitch + ra\${i}), load_a((4u * k + 1u) * a_pitch + ra\${i}),
      load_a((4u * k + 2u) * a_pitch + ra\${i}), load_a((4u * k + 3u) * a_pitch + ra\${i})));
    //#end i
    //#repeat i ROWS
    let a\${i} = ta\${i / 4}[\${i % 4}];
    //#end i
    //#else
    //#repeat i ROWS
    let a\${i} = load_a(ra\${i} + k);
    //#end i
    //#end TN
    // b: four columns at a time, a vec4 along the columns for each of the four k.
    //#repeat j VCOLS
    //#if NT
    let b\${j} = transpose(mat4x4f(
      load_b(cb\${4 * j} + k), load_b(cb\${4 * j + 1} + k), load_b(cb\${4 * j + 2} + k), load_b(cb\${4 * j + 3} + k)));
    //#else
    let b\${j} = mat4x4f(
      load_b(4u * k * b_pitch + cb\${j}), load_b((4u * k + 1u) * b_pitch + cb\${j}),
      load_b((4u * k + 2u) * b_pitch + cb\${j}), load_b((4u * k + 3u) * b_pitch + cb\${j}));
    //#end NT
    //#repeat i ROWS
    //#include gemm_step
    //#end i
    //#end j
  }
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  sum\${i}_\${j} += y\${i}_\${j};
  y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  }
  //#end BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  //#if BLOCK
  end(row + \${i}u, column + \${4 * j}u, sum\${i}_\${j});
  //#else
  end(row + \${i}u, column + \${4 * j}u, y\${i}_\${j});
  //#end BLOCK
  //#end j
  //#end i
}
`;var Yd=252e3;function Ma(e){let{layout:t,m:r,n,k:o}=e;return n%4===0&&o%4===0&&(t!=="TN"||r%4===0)&&It(e,"a","b","y")}function Xd(e){return Ma(e)?Math.ceil(e.m/16)*Math.ceil(e.n/16)>=16?{rows:16,cols:16}:{rows:8,cols:8}:{rows:4,cols:4}}var Qd={constants(e){let{rows:t,cols:r}=Xd(e);return{VECTOR:Number(Ma(e)),NT:+(e.layout==="NT"),TN:+(e.layout==="TN"),ROWS:t,VROWS:t/4,COLS:r,VCOLS:r/4,BLOCK:Qo(e.k,4),...Qt(e,2)}},bindings:e=>["a","b",...Ct(e)],f16:["a","b",...Yt],params:Zt,groups(e,t){let{rows:r,cols:n}=Xd(e);return R(Math.ceil(e.m/r)*Math.ceil(e.n/n),t)},label:er,operations:({m:e,n:t,k:r})=>2*e*t*r},Bx={...Qd,name:"gemm",wgsl:Jd,textures:({textures:e})=>e?["a","b"]:[]},jx={...Qd,name:"gemm_any",wgsl:Hd};function Zd(e,t,r){if(!Ma(t))return e.dispatch(jx,t,r);let[n,o]=r,s=Math.max(n.size,o.size)<=e.gpu.largestTexture;e.dispatch(Bx,{...t,textures:s},r)}var zx={gemm:{cpu:"registers",gpu:"tiled"},attention:{cpu:"registers",gpu:"tiled"},norm:{cpu:"registers",gpu:"tiled"},columnSum:{cpu:"registers",gpu:"tiled"},adamw:{cpu:"registers",gpu:"tiled"}};function nt(e,t){return zx[e][typeof t=="string"?t:Te(t)]}var ep=`// Second pass of a product whose inner size was divided: adds up the sheets of partial [splits, M, N] in order and
// ends the sum as blocks/gemm_ending.wgsl says. Four columns an invocation.

//#include spread
//#include gemm_ending

struct Params {
//#include gemm_params
  splits: u32,
}

@group(0) @binding(0) var<storage, read_write> partial: array<T>;
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn gemm_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let across = (p.n + 3u) / 4u;
  let row = i / across;
  let column = 4u * (i % across);
  if (row >= p.m) { return; }
  var sum = vec4f();
  for (var sheet = 0u; sheet < p.splits; sheet++) {
    let first = (sheet * p.m + row) * p.n;
    //#if VECTOR
    sum += partial[(first + column) / 4u];
    //#else
    let last = p.n - 1u;
    sum += vec4f(partial[first + column], partial[first + min(column + 1u, last)],
      partial[first + min(column + 2u, last)], partial[first + min(column + 3u, last)]);
    //#end VECTOR
  }
  end(row, column, sum);
}
`;var tp=`// Matrix product Y = op(A)\xB7op(B) with tiles in workgroup memory: the form for GPUs. Layouts as in gemm.wgsl, the
// ending is blocks/gemm_ending.wgsl's.
//
// A workgroup of 2\xB7SIDE invocations (WORKGROUP) makes a square tile of SIDE\xD7SIDE outputs, 4\xB7VROWS \xD7 4\xB7VCOLS an invocation, and
// walks K sixteen at a time. For each step every invocation brings one block of 4\xD74 values: the first SIDE
// invocations from A, the others from B. In workgroup memory a row holds one k of all the tile's rows (columns), in
// vec4s, so that both operands are read as vec4 whatever the layout: blocks that lie the other way are turned in
// registers, and no matrix is ever transposed in memory. The block of the next step is fetched before the present
// one is multiplied, so that its loads are under way meanwhile; workgroup memory holds one step.
//
// Banks: eight neighbouring invocations store eight neighbouring vec4s (the other three blocks of four k go to the
// next groups of eight), and reads are of neighbouring vec4s or of one and the same. Nothing is padded, and the
// tile of 128 takes 16 KiB, which every WebGPU device grants.
//
// The workgroups may also divide K, into \`chunk\`s: sheet s of y [splits, M, N] is the product over the s-th of them,
// and gemm_sum.wgsl adds the sheets up. Where such a part is long itself, what BLOCK steps add up goes into a second set
// of sums, as in gemm.wgsl.

struct Params {
//#include gemm_params
  chunk: u32,
}

//#if VECTOR_A
@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
//#else
@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
//#end VECTOR_A
//#if VECTOR_B
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
//#else
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
//#end VECTOR_B
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

// [operand, k, row (column) / 4]
var<workgroup> tile: array<vec4f, \${8 * SIDE}>;

// Four neighbours, from \`column\`, in the row of A or B that begins at \`first\`; beyond its end, some of its values.
fn four_a(first: u32, column: u32, columns: u32) -> vec4f {
  //#if VECTOR_A
  return load_a((first + min(column, columns - 4u)) / 4u);
  //#else
  //#repeat q 4
  let x\${q} = f32(a[first + min(column + \${q}u, columns - 1u)]);
  //#end q
  return vec4f(x0, x1, x2, x3);
  //#end VECTOR_A
}
fn four_b(first: u32, column: u32, columns: u32) -> vec4f {
  //#if VECTOR_B
  return load_b((first + min(column, columns - 4u)) / 4u);
  //#else
  //#repeat q 4
  let x\${q} = f32(b[first + min(column + \${q}u, columns - 1u)]);
  //#end q
  return vec4f(x0, x1, x2, x3);
  //#end VECTOR_B
}

// The same of a matrix of so many rows and columns; beyond its last row, that one.
fn four(of_a: bool, row: u32, column: u32, rows: u32, columns: u32) -> vec4f {
  //#if PITCHED
  let first = min(row, rows - 1u) * select(p.b_pitch, p.a_pitch, of_a) + select(p.b_first, p.a_first, of_a);
  //#else
  let first = min(row, rows - 1u) * columns;
  //#end PITCHED
  if (of_a) { return four_a(first, column, columns); }
  return four_b(first, column, columns);
}

fn block_of(of_a: bool, row: u32, column: u32, rows: u32, columns: u32) -> mat4x4f {
  return mat4x4f(
    four(of_a, row, column, rows, columns), four(of_a, row + 1u, column, rows, columns),
    four(of_a, row + 2u, column, rows, columns), four(of_a, row + 3u, column, rows, columns));
}

// A block as it is stored: four rows of op(A) or columns of op(B), from \`side\`, by four k.
fn fetch(of_a: bool, side: u32, k: u32) -> mat4x4f {
  if (of_a) {
    //#if TN
    return block_of(true, k, side, p.k, p.m);
    //#else
    return block_of(true, side, k, p.m, p.k);
    //#end TN
  }
  //#if NT
  return block_of(false, side, k, p.n, p.k);
  //#else
  return block_of(false, k, side, p.k, p.n);
  //#end NT
}

// A fetched block with one k a column.
fn turn(of_a: bool, block: mat4x4f) -> mat4x4f {
  //#if NT
  return transpose(block);
  //#elif TN
  return block;
  //#else
  if (of_a) { return transpose(block); }
  return block;
  //#end NT
}

@compute @workgroup_size(\${WORKGROUP})
fn gemm_tiled(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  // Tiles go in bands of eight rows of tiles, column by column: what runs at one time shares rows and columns.
  let across = (p.n + \${SIDE - 1}u) / \${SIDE}u;
  let down = (p.m + \${SIDE - 1}u) / \${SIDE}u;
  let index = group_index(group, groups);
  let sheet = index / (across * down);
  let first = sheet * p.chunk;
  if (first >= p.k) { return; }
  let end_k = min(p.k, first + p.chunk);
  let at = index % (across * down);
  let band = at / (8u * across);
  let high = min(8u, down - 8u * band);
  let inside = at % (8u * across);
  let tile_row = (8u * band + inside % high) * \${SIDE}u;
  let tile_column = (inside / high) * \${SIDE}u;

  // What this invocation brings.
  let of_a = i < \${SIDE}u;
  let block_k = 4u * (i / 8u % 4u);
  let block_side = i % \${SIDE}u / 32u * 8u + i % 8u;
  let side = select(tile_column, tile_row, of_a) + 4u * block_side;
  let place = i / \${SIDE}u * \${4 * SIDE}u + block_k * \${SIDE / 4}u + block_side;
  // What it makes: VROWS \xD7 VCOLS blocks of 4\xD74, spread over the tile.
  let tx = i % \${ACROSS}u;
  let ty = i / \${ACROSS}u;

  //#repeat r ROWS
  //#repeat c VCOLS
  var y\${r}_\${c} = vec4f();
  //#end c
  //#end r
  var block = fetch(of_a, side, first + block_k);
  //#if BLOCK
  //#repeat r ROWS
  //#repeat c VCOLS
  var sum\${r}_\${c} = vec4f();
  //#end c
  //#end r
  for (var start = first; start < end_k; start += \${16 * BLOCK}u) {
  for (var k = start; k < min(start + \${16 * BLOCK}u, end_k); k += 16u) {
  //#else
  for (var k = first; k < end_k; k += 16u) {
  //#end BLOCK
    workgroupBarrier(); // the step before has been read
    block = turn(of_a, block);
    //#repeat q 4
    tile[place + \${q * SIDE / 4}u] = select(vec4f(), block[\${q}], k + block_k + \${q}u < end_k);
    //#end q
    workgroupBarrier();
    if (k + 16u < end_k) { block = fetch(of_a, side, k + 16u + block_k); }
    //#repeat k 16
    //#repeat r VROWS
    let a\${k}_\${r} = tile[ty + \${k * SIDE / 4 + r * DOWN}u];
    //#end r
    //#repeat c VCOLS
    let b\${k}_\${c} = tile[tx + \${4 * SIDE + k * SIDE / 4 + c * ACROSS}u];
    //#end c
    //#repeat r ROWS
    //#repeat c VCOLS
    y\${r}_\${c} = fma(vec4f(a\${k}_\${r / 4}[\${r % 4}]), b\${k}_\${c}, y\${r}_\${c});
    //#end c
    //#end r
    //#end k
  }
  //#if BLOCK
  //#repeat r ROWS
  //#repeat c VCOLS
  sum\${r}_\${c} += y\${r}_\${c};
  y\${r}_\${c} = vec4f();
  //#end c
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  let row\${r} = tile_row + 4u * (ty + \${r / 4 * DOWN}u) + \${r % 4}u;
  //#repeat c VCOLS
  //#if BLOCK
  end_sheet(sheet, row\${r}, tile_column + 4u * (tx + \${c * ACROSS}u), sum\${r}_\${c});
  //#else
  end_sheet(sheet, row\${r}, tile_column + 4u * (tx + \${c * ACROSS}u), y\${r}_\${c});
  //#end BLOCK
  //#end c
  //#end r
}
`;var es=16;function Ca(e){return 2*e}function np(e){return 2*e*es*4}var Wx={128:{rows:8,cols:8},64:{rows:8,cols:4},32:{rows:4,cols:4}};function Na({k:e,splits:t}){return Math.ceil(Math.ceil(e/t)/es)*es}function op(e){return e.n%4===0&&It(e,"y")}var rp={name:"gemm_tiled",wgsl:tp,constants(e){let{layout:t,m:r,n,k:o,side:s}=e,{rows:i,cols:a}=Wx[s];return{NT:+(t==="NT"),TN:+(t==="TN"),VECTOR_A:Number((t==="TN"?r:o)%4===0&&It(e,"a")),VECTOR_B:Number((t==="NT"?o:n)%4===0&&It(e,"b")),VECTOR:Number(op(e)),SIDE:s,ROWS:i,VROWS:i/4,VCOLS:a/4,ACROSS:s/a,DOWN:s/i,BLOCK:Qo(Na(e),es),...Qt(e,2)}},bindings:e=>["a","b",...Ct(e)],f16:["a","b",...Yt],params:e=>[...Zt(e),Na(e)],workgroup:({side:e})=>Ca(e),groups({m:e,n:t,side:r,splits:n}){return R(Math.ceil(e/r)*Math.ceil(t/r)*n,1)},label:e=>`${er(e)} tile ${e.side}${e.splits>1?` splits ${e.splits}`:""}`,operations:({m:e,n:t,k:r})=>2*e*t*r},sp={name:"gemm_sum",wgsl:ep,constants:e=>({VECTOR:Number(op(e)),...Qt(e,1)}),bindings:e=>["partial",...Ct(e)],f16:Yt,params:e=>[...Zt(e),e.splits],workgroup:()=>64,groups:({m:e,n:t},r)=>R(e*Math.ceil(t/4),r),label:e=>`${er(e)} splits ${e.splits}`};function ip(e,t,{side:r,splits:n},o){let s={...t,side:r,splits:n};if(s.splits=Math.ceil(t.k/Na(s)),s.splits===1)return e.dispatch(rp,s,o);let[i,a,...c]=o,u=e.empty([s.splits,t.m,t.n],"partial products");e.dispatch(rp,{...s,...Ia(t)},[i,a,u]),e.dispatch(sp,s,[u,...c])}function Ia({n:e,pitches:t}){return{...{bias:!1,save:!1,residual:!1,activation:void 0,add:!1,scale:void 0},pitches:t&&{...t,y:{row:e,first:0}}}}function ts(e,t,r){e.dispatch(sp,{...t,side:32,splits:1},r)}var Ux=[{side:128,workgroups:128,excess:1.5},{side:64,workgroups:128,excess:1.5},{side:32,workgroups:0,excess:1/0}],Fx=256,Kx=256;function ap(e,t){if(!t.cut&&Wd(t))return{form:"gemv"};if(nt("gemm",e)==="registers")return{form:"registers"};let{maxComputeInvocationsPerWorkgroup:r,maxComputeWorkgroupStorageSize:n}=e.device.limits;for(let{side:o,workgroups:s,excess:i}of Ux){if(Ca(o)>r||np(o)>n)continue;let a=Math.ceil(t.m/o)*Math.ceil(t.n/o),c=Gx(a,t,e.largestBinding);if(!(a*c<s||a*o*o>i*t.m*t.n))return{form:"tiled",side:o,splits:c}}return{form:"registers"}}function Gx(e,{m:t,n:r,k:n},o){if(n<2*Math.min(t,r))return 1;let s=Math.min(Math.floor(n/Kx),Math.floor(o/(4*t*r)));return Math.max(1,Math.min(Math.ceil(Fx/e),s))}function ue(e,t,r,n,o,s={},i,a={}){let[c,u]=Ra(r,a.a),[f,l]=Ra(n,a.b),[d,p]=Ra(o,a.y),h=t==="TN"?u:c,g=t==="TN"?c:u,m=t==="NT"?f:l;if(g!==(t==="NT"?l:f)||(a.y?d!==h||p!==m:o.size!==h*m))throw new Error(`gemm ${t}: shapes do not fit: A [${r.shape}], B [${n.shape}], Y [${o.shape}]`);let{bias:_,save:y,residual:E,activation:x,add:v=!1,scale:A}=s,I={layout:t,m:h,n:m,k:g,bias:!!_,save:!!y,residual:!!E,activation:x,add:v,scale:A},M=i??ap(e.gpu,{...I,cut:Object.keys(a).length>0}),F={a:r,b:n,y:o,others:[y,E].filter(ie=>ie!==void 0),columns:a},[we,_e]=M.form==="tiled"?[1/0,M.splits]:[Yd,1],ot=Gd(I,F,e.gpu.largestBinding,we,_e),Ce=x!==void 0||y!==void 0||o.dtype!=="f32",De;for(let ie of ot){let{pitches:N,...z}=Vd(I,F,ie),C={...I,m:ie.m.count,n:ie.n.count,k:ie.k.count,pitches:N},$=[z.y,..._?[_]:[],...z.others],S=[z.a,z.b],O=ie.k.first===0,B=ie.k.first+ie.k.count===g;O&&B?rs(e,C,M,[...S,...$]):Ce?(O&&(De=e.empty([C.m,C.n],"sum of products")),rs(e,{...C,...Ia(C),add:!O},M,[...S,De]),B&&ts(e,C,[De,...$])):O?rs(e,C,M,[...S,...$]):rs(e,{...C,...{bias:!1,residual:!1,add:!0}},M,[...S,z.y])}}function rs(e,t,r,n){r.form==="tiled"?ip(e,t,r,n):r.form==="gemv"?Ud(e,t,n):Zd(e,t,n)}function Ra(e,t){let[r,n]=Se(e);if(!t)return[r,n];if(t.first+t.count<=n)return[r,t.count];throw new Error(`gemm: columns ${t.first} to ${t.first+t.count} of [${e.shape}]`)}function Se(e){let t=e.shape.at(-1)??1;return[e.size/t,t]}var cp=`// Sums over chunks of rows, read row by row as they lie in memory: the first pass of a sum over all rows
// (column_sum.wgsl makes the second).
//
//   partial[chunk, column] = \u03A3 rows of the chunk of x[row, column]
//
// A workgroup takes p.chunk rows of LANES\xB7HELD vec4 columns; lane l holds the sums of the columns l, l + LANES, \u2026.
// STEP rows a trip, added one after the other.

//#include spread

struct Params { rows: u32, width: u32, chunk: u32, across: u32 } // width in vec4; workgroups across a row

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<vec4f>; // [chunks, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn column_parts(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  let chunk = group / p.across;
  let column = (group % p.across) * \${LANES * HELD}u + lane;
  let end = min((chunk + 1u) * p.chunk, p.rows);
  //#repeat c HELD
  let at\${c} = min(column + \${c * LANES}u, p.width - 1u);
  var sum\${c} = vec4f();
  //#end c
  for (var row = chunk * p.chunk; row < end; row += \${STEP}u) {
    //#repeat r STEP
    let start\${r} = min(row + \${r}u, end - 1u) * p.width;
    let here\${r} = row + \${r}u < end;
    //#repeat c HELD
    sum\${c} += select(vec4f(), x[start\${r} + at\${c}], here\${r});
    //#end c
    //#end r
  }
  if (chunk * p.chunk >= p.rows) { return; }
  //#repeat c HELD
  if (column + \${c * LANES}u < p.width) { partial[chunk * p.width + at\${c}] = sum\${c}; }
  //#end c
}
`;var up=`// Sums over chunks of rows of any width; column_parts.wgsl is faster where 4 divides it, column_sum.wgsl adds them up.
//
//   partial[chunk, column] = \u03A3 rows of the chunk of x[row, column]
//
// An invocation a column of a chunk; rows are added one after the other.

//#include spread

struct Params { rows: u32, width: u32, chunk: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<f32>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<f32>; // [chunks, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn column_parts_any(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let first = (i / p.width) * p.chunk;
  if (first >= p.rows) { return; }
  let end = min(first + p.chunk, p.rows);
  var sum = 0.0;
  for (var row = first; row < end; row++) { sum += x[row * p.width + column]; }
  partial[i] = sum;
}
`;var lp=`// Sums over rows: y[column] (+)= \u03A3 rows of x. An invocation a column; where there are many rows, they are those that
// column_parts.wgsl, column_parts_any.wgsl or norm_weight_parts.wgsl made of chunks of rows, at most 1,024 of them, which
// keeps the loop under 65,535 trips.
//
// Rows are added one after the other, four in a trip, which spares a CPU driver trips.

//#include spread
//#include elements

struct Params { rows: u32, width: u32, add: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<T>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> y: array<T>; // [width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn column_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.width) { return; }
  var sum = T();
  var row = 0u;
  for (; row + 4u <= p.rows; row += 4u) {
    let at = row * p.width + i;
    sum = (((sum + x[at]) + x[at + p.width]) + x[at + 2u * p.width]) + x[at + 3u * p.width];
  }
  for (; row < p.rows; row++) { sum += x[row * p.width + i]; }
  if (p.add != 0u) { sum += y[i]; }
  y[i] = sum;
}
`;var fp=`// The gradient of a norm's weight over chunks of rows, of any width; column_sum.wgsl adds them up.
//
//   partial[chunk, column] = \u03A3 rows of the chunk of dy\xB7x\u0302,  x\u0302 = (x \u2212 mean)\xB7rstd from the stats that norm_forward.wgsl kept
//
// An invocation a column T of a chunk; rows are added one after the other.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32, chunk: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> dy: array<T>;      // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<T>; // [chunks, width]
@group(0) @binding(2) var<storage, read_write> x: array<X>;       // [rows, width]
@group(0) @binding(3) var<storage, read_write> stats: array<f32>; // [rows, 2] mean and rstd
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn norm_weight_parts(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let first = (i / p.width) * p.chunk;
  if (first >= p.rows) { return; }
  let end = min(first + p.chunk, p.rows);
  var sum = T();
  for (var row = first; row < end; row++) {
    let at = row * p.width + column;
    sum += dy[at] * (T(x[at]) - stats[2u * row]) * stats[2u * row + 1u];
  }
  partial[i] = sum;
}
`;function ns(e){return e%4===0?e/4:e}var Yx={name:"column_sum",wgsl:lp,constants:({width:e})=>({VECTOR:+(e%4===0)}),bindings:()=>["x","y"],params:({rows:e,width:t,add:r})=>[e,ns(t),Number(r)],groups:({width:e},t)=>R(ns(e),t)},Qx={name:"column_parts_any",wgsl:up,constants:()=>({}),bindings:()=>["x","partial"],params:({rows:e,width:t,chunk:r})=>[e,t,r],groups:({rows:e,width:t,chunk:r},n)=>R(Math.ceil(e/r)*t,n)},Zx={name:"norm_weight_parts",wgsl:fp,f16:["x","y"],constants:({width:e})=>({VECTOR:+(e%4===0)}),bindings:()=>["dy","partial","x","stats"],params:({rows:e,width:t,chunk:r})=>[e,ns(t),r],groups:({rows:e,width:t,chunk:r},n)=>R(Math.ceil(e/r)*ns(t),n)};function La({width:e,lanes:t}){return Math.min(16,Math.ceil(e/4/t))}function dp(e){return Math.ceil(e.width/4/(e.lanes*La(e)))}var e$={name:"column_parts",wgsl:cp,constants:e=>({LANES:e.lanes,HELD:La(e),STEP:La(e)<=4?4:1}),bindings:()=>["x","partial"],params:e=>[e.rows,e.width/4,e.chunk,dp(e)],workgroup:({lanes:e})=>e,groups:e=>R(Math.ceil(e.rows/e.chunk)*dp(e),1)},t$=65536,r$=4096;function tr(e,t,r,n){let[o,s]=Se(t),i=(p,h)=>e.dispatch(Yx,{rows:h,width:s,add:r.add},[p,r.tensor]),a=nt("columnSum",e.gpu)==="registers",c=o<=64||a&&t.size<=t$&&o<=r$;if(!n&&c)return i(t,o);let u=Math.max(32,Math.ceil(o/1024)),f=Math.ceil(o/u),l=e.empty([f,s],"column sums of chunks"),d={rows:o,width:s,chunk:u};n?e.dispatch(Zx,d,[t,l,n.input,n.stats]):s%4!==0?e.dispatch(Qx,d,[t,l]):e.dispatch(e$,{...d,lanes:a?8:32},[t,l]),i(l,f)}var pp=`// Inverted dropout, four elements at a time: y (+)= x\xB7factor where a random number is at least \`share\`, else 0.
//
// The numbers are a function of the element (\`before\` are the vec4s before this piece), the place in the model
// (\`site\`), the step and the pass (pcg4d, Jarzynski and Olano 2020): backward draws the same again, and nothing is kept from a step to the next.

//#include spread

struct Params { count: u32, before: u32, site: u32, share: f32, factor: f32, add: u32, step_at: u32, pass_at: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

fn pcg4d(seed: vec4u) -> vec4u {
  var v = seed * 1664525u + 1013904223u;
  v += v.yzxy * v.wxyz;
  v ^= v >> vec4u(16u);
  v += v.yzxy * v.wxyz;
  return v;
}

@compute @workgroup_size(\${WORKGROUP})
fn dropout(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let vector = item_index(id, groups);
  let drawn = pcg4d(vec4u(p.before + vector, p.site, u32(scalars[p.step_at]), u32(scalars[p.pass_at])));
  let numbers = vec4f(drawn >> vec4u(8u)) / 16777216.0; // from 0 to below 1
  for (var q = 0u; q < 4u; q++) {
    let i = 4u * vector + q;
    if (i >= p.count) { return; }
    var value = 0.0;
    if (numbers[q] >= p.share) { value = f32(x[i]) * p.factor; }
    if (p.add != 0u) { value += f32(y[i]); }
    y[i] = y_t(value);
  }
}
`;var o$={name:"dropout",wgsl:pp,constants:()=>({}),bindings:()=>["x","y","scalars"],f16:["x","y"],params:({count:e,before:t,site:r,share:n,add:o,stepAt:s,passAt:i})=>[e,t,r,H(n),H(1/(1-n)),Number(o),s,i],workgroup:()=>64,groups:({count:e},t)=>R(Math.ceil(e/4),t)};function Pa(e,{scalars:t,...r},n,o,s=!1){for(let{first:i,count:a}of rt(e.gpu,n.size)){let c=u=>u.view([u.size]).rows(i,a);e.dispatch(o$,{...r,before:i/4,count:a,add:s},[c(n),c(o),t])}}function hp({a:e,parts:t}){return[e,...t.map(({b:r})=>r)]}function Ba(e,t,r,n){let[o,s]=Se(r),i=t.parts.reduce((c,{b:u})=>c+u.shape[1],0);j("low rank","A",t.a.shape,[i,s]);let a=e.empty([o,i],"low rank");return ue(e,"NT",gp(e,t,r),t.a,a),wp(t,({b:c,scale:u},f,l)=>{ue(e,"NT",a,c,n,{scale:u,add:!0},void 0,{a:f,y:l})}),{u:a}}function mp(e,t,{u:r},n,o,s){let i=e.empty(r.shape,"d low rank");wp(t,({b:u,scale:f},l,d)=>{ue(e,"NN",o,u,i,{scale:f},void 0,{a:d,y:l});let p=e.target(u);p&&ue(e,"TN",o,r,p.tensor,{scale:f,add:p.add},void 0,{a:d,b:l})});let a=e.target(t.a);if(a&&ue(e,"TN",i,gp(e,t,n),a.tensor,{add:a.add}),!s)return;if(!t.dropout)return ue(e,"NN",i,t.a,s,{add:!0});let c=e.empty(n.shape,"d dropped");ue(e,"NN",i,t.a,c),Pa(e,t.dropout,c,s,!0)}function gp(e,{dropout:t},r){if(!t)return r;let n=e.empty(r.shape,"dropped");return Pa(e,t,r,n),n}function wp({parts:e},t){let r=0;for(let n of e){let[o=0,s=0]=n.b.shape;t(n,{first:r,count:s},{first:n.first,count:o}),r+=s}}var _p=`// dx (+)= dy\xB7f'(x), f being GELU (exact or by tanh), quick-GELU or SiLU. Four elements an invocation.

//#include spread
//#include activation_chosen

struct Params { count: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn activation_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) {
    var value = dy[i] * derivative(f32(x[i]));
    if (p.add != 0u) { value += dx[i]; }
    dx[i] = value;
  }
}
`;var bp=`// y = f(x), f being GELU (exact or by tanh), quick-GELU or SiLU. Four elements an invocation.

//#include spread
//#include activation_chosen

struct Params { count: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn activation(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) { y[i] = y_t(activate(f32(x[i]))); }
}
`;function yp(e,t,r){return{name:e,wgsl:t,constants:({activation:n})=>Oa(n),bindings:()=>r,f16:["x","y"],params:({count:n,add:o})=>[n,Number(o)],workgroup:()=>64,groups:({count:n},o)=>R(Math.ceil(n/4),o)}}var GR=yp("activation",bp,["x","y"]),a$=yp("activation_backward",_p,["x","dx","dy"]);function vp(e,t,r,n,o){e.dispatch(a$,{count:r.size,activation:t,add:o.add},[r,o.tensor,n])}function Rt(e,t,r,n={}){let{bias:o,activation:s,residual:i,lowRank:a}=n,[c=0]=r.shape,[u,f]=Se(t);j("linear","weight",r.shape,[-1,f]),o&&j("linear","bias",o.shape,[c]);let l=e.result([...t.shape.slice(0,-1),c],"linear");i&&j("linear","residual",i.shape,l.shape);let d=a?hp(a):[],p=e.needsGrad(t,r,o,i,...d),h=s&&p?e.result([u,c],"pre-activation"):void 0,g={bias:o,activation:s,residual:e.apart(i,t),save:h},m;if(!a)ue(e,"NT",t,r,l,g);else if(!s&&l.dtype==="f32")ue(e,"NT",t,r,l,g),m=Ba(e,a,t,l);else{let w=e.empty([u,c],"linear in 32 bits");ue(e,"NT",t,r,w),m=Ba(e,a,t,w),c$(e,w,l,g)}return p&&e.differentiable(l,w=>{let _=w;s&&e.gradientWanted(t,r,o,...d)&&(_=e.empty([u,c],"d pre-activation"),vp(e,s,h,w,{tensor:_,add:!1}));let y=e.target(t);y&&ue(e,"NN",_,r,y.tensor,{add:y.add}),a&&mp(e,a,m,t,_,y?.tensor);let E=e.target(r);E&&ue(e,"TN",_,t,E.tensor,{add:E.add});let x=e.target(o);x&&tr(e,_,x),e.pass(i,w)}),l}function c$(e,t,r,{bias:n,activation:o,residual:s,save:i}){let[a,c]=Se(t),u={layout:"NT",n:c,k:0,bias:!!n,save:!!i,residual:!!s};for(let{first:f,count:l}of qr(e.gpu,a,4*c)){let d=p=>p.view([a,c]).rows(f,l);ts(e,{...u,m:l,activation:o,add:!1},[d(t),d(r),...n?[n]:[],...i?[d(i)]:[],...s?[d(s)]:[]])}}var xp=`// Cuts images into patches, so that the patch embedding (a convolution whose stride is its size) is a matrix product:
// patches[i] = pixels[pixel_at(i)]. An invocation an element of the patches.

//#include spread

struct Params { count: u32, channels: u32, size: u32, side: u32, add: u32 }

// The pixel in [images, channels, size, size] that is the i-th value of the patches [images\xB7n, channels\xB7side\xB7side],
// n = \u230Asize/side\u230B\xB2 in reading order: the last rows and columns that
// fill no patch are left out.
fn pixel_at(i: u32) -> u32 {
  let area = p.side * p.side;
  let across = p.size / p.side;
  let cell = i / (p.channels * area);
  let channel = (i / area) % p.channels;
  let picture = cell / (across * across);
  let place = cell % (across * across);
  let y = (place / across) * p.side + (i % area) / p.side;
  let x = (place % across) * p.side + i % p.side;
  return ((picture * p.channels + channel) * p.size + y) * p.size + x;
}

@group(0) @binding(0) var<storage, read_write> pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> patches: array<patches_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn cut_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  patches[i] = patches_t(pixels[pixel_at(i)]);
}
`;var $p=`// CLIP's vision embedding: y[image, 0] = cls + position[0], y[image, 1 + i] = patch[image, i] + position[1 + i].
// y is [images, n + 1, width]; an invocation an element. vision_embedding_patches.wgsl and vision_embedding_tables.wgsl
// are its gradients.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> y: array<y_t>;
@group(0) @binding(1) var<storage, read_write> patches: array<patches_t>;   // [images, n, width]
@group(0) @binding(2) var<storage, read_write> cls: array<f32>;             // [width]
@group(0) @binding(3) var<storage, read_write> position: array<position_t>; // [n + 1, width]
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn vision_embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let row = i / p.width;
  if (row >= p.images * (p.n + 1u)) { return; }
  let token = row % (p.n + 1u);
  var value = f32(position[token * p.width + column]);
  if (token == 0u) {
    value += cls[column];
  } else {
    value += f32(patches[((row / (p.n + 1u)) * p.n + token - 1u) * p.width + column]);
  }
  y[i] = y_t(value);
}
`;var kp=`// The gradient of cut_patches.wgsl: d pixels[i] (+)= d patches[patch value that the pixel is]; 0 for pixels of the last
// rows and columns that fill no patch. An invocation a pixel's value.

//#include spread

struct Params { count: u32, channels: u32, size: u32, side: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> d_pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> d_patches: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn join_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  let across = p.size / p.side;
  let x = i % p.size;
  let y = (i / p.size) % p.size;
  let channel = (i / (p.size * p.size)) % p.channels;
  let picture = i / (p.size * p.size * p.channels);
  var value = 0.0;
  if (x < across * p.side && y < across * p.side) {
    let cell = (picture * across + y / p.side) * across + x / p.side;
    value = d_patches[((cell * p.channels + channel) * p.side + y % p.side) * p.side + x % p.side];
  }
  if (p.add != 0u) { value += d_pixels[i]; }
  d_pixels[i] = value;
}
`;var Ep=`// d patch[image, i] = dy[image, 1 + i] of vision_embedding.wgsl; an invocation an element.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;        // [images, n + 1, width]
@group(0) @binding(1) var<storage, read_write> d_patches: array<f32>; // [images, n, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn vision_embedding_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let row = i / p.width;
  if (row >= p.images * p.n) { return; }
  d_patches[i] = dy[((row / p.n) * (p.n + 1u) + row % p.n + 1u) * p.width + column];
}
`;var Sp=`// d position[t] += \u03A3_images dy[image, t] and d cls += \u03A3_images dy[image, 0] of vision_embedding.wgsl.
// An invocation an element of the positions; one loop over the images.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;         // [images, n + 1, width]
@group(0) @binding(1) var<storage, read_write> d_cls: array<f32>;      // [width]
@group(0) @binding(2) var<storage, read_write> d_position: array<f32>; // [n + 1, width]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn vision_embedding_tables(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let token = i / p.width;
  if (token >= p.n + 1u) { return; }
  var sum = 0.0;
  for (var image = 0u; image < p.images; image++) { sum += dy[(image * (p.n + 1u) + token) * p.width + column]; }
  d_position[i] += sum;
  if (token == 0u) { d_cls[column] += sum; }
}
`;function Ap(e,t,r){return{name:e,wgsl:t,constants:()=>({}),bindings:()=>r,f16:["patches"],params:({count:n,channels:o,size:s,patch:i,add:a})=>[n,o,s,i,Number(a)],workgroup:()=>64,groups:({count:n},o)=>R(n,o)}}var h$=Ap("cut_patches",xp,["pixels","patches"]),m$=Ap("join_patches",kp,["d_pixels","d_patches"]);function os(e,t){return Math.floor(e/t)}function ja(e,t,r,n={}){let[o=0,s=0,i=0]=t.shape,[a=0,,c=1]=r.shape;if(j("patch embedding","weight",r.shape,[a,s,c,c]),j("patch embedding","pixels",t.shape,[o,s,i,i]),i<c)throw new Error(`patch embedding: a patch of ${c} is larger than the image, ${i}`);let u=os(i,c)**2,f=s*c*c,l=e.result([o*u,f],"patches"),d={channels:s,size:i,patch:c,add:!1};return e.dispatch(h$,{...d,count:l.size},[t,l]),e.needsGrad(t)&&e.differentiable(l,p=>{let h=e.target(t);e.dispatch(m$,{...d,count:t.size,add:h.add},[h.tensor,p])}),Rt(e,l,r.view([a,f]),n)}function za(e,t,r,n){return{name:e,wgsl:t,constants:()=>({}),bindings:()=>r,f16:["y","patches","position"],params:({images:o,n:s,width:i})=>[o,s,i],workgroup:()=>64,groups:(o,s)=>R(n(o)*o.width,s)}}var g$=za("vision_embedding",$p,["y","patches","cls","position"],({images:e,n:t})=>e*(t+1)),w$=za("vision_embedding_patches",Ep,["dy","d_patches"],({images:e,n:t})=>e*t),_$=za("vision_embedding_tables",Sp,["dy","d_cls","d_position"],({n:e})=>e+1);function Op(e,t,r,n){let[o=0,s=0]=t.shape,i=(n.shape[0]??1)-1,a=o/i;if(j("vision embedding","cls",r.shape,[s]),j("vision embedding","position",n.shape,[i+1,s]),!Number.isInteger(a))throw new Error(`vision embedding: ${o} patches are not whole images of ${i}`);let c=e.result([a*(i+1),s],"vision embedding"),u={images:a,n:i,width:s};return e.dispatch(g$,u,[c,t,r,n]),e.needsGrad(t,r,n)&&e.differentiable(c,f=>{e.assign(t,p=>e.dispatch(w$,u,[f,p]));let l=e.target(r),d=e.target(n);if(!(!l&&!d)){if(!l?.add||!d?.add)throw new Error("vision embedding: class token and positions must be parameters, both or none");e.dispatch(_$,u,[f,l.tensor,d.tensor])}}),c}var qa={gelu:"gelu",gelu_pytorch_tanh:"gelu_tanh",gelu_new:"gelu_tanh",gelu_fast:"gelu_tanh",quick_gelu:"quick_gelu",silu:"silu",swish:"silu"},Da={image_size:224,patch_size:32,hidden_size:768,intermediate_size:3072,num_hidden_layers:12,num_attention_heads:12,layer_norm_eps:1e-5},ss={...Da,patch_size:16,layer_norm_eps:1e-6},Tp={...ss,patch_size:32,hidden_size:1152,num_attention_heads:16};function zn(e,t,r){let n=u=>{let f=e.get(u);if(Array.isArray(f)||typeof f=="object"&&f!==null){let l=Object.values(f);if(l.length===2&&l[0]===l[1]&&Number.isInteger(l[0]))return l[0];throw e.error(`${u} must be one number, a square, found ${JSON.stringify(f).slice(0,100)}`)}return e.whole(u,r[u])},o={kind:t,image_size:n("image_size"),patch_size:n("patch_size"),num_channels:e.whole("num_channels",3),hidden_size:e.whole("hidden_size",r.hidden_size),intermediate_size:e.whole("intermediate_size",r.intermediate_size),num_hidden_layers:e.layers(r.num_hidden_layers),num_attention_heads:e.whole("num_attention_heads",r.num_attention_heads),hidden_act:e.choice("hidden_act",qa,t==="clip"?"quick_gelu":"gelu_pytorch_tanh"),layer_norm_eps:e.number("layer_norm_eps",r.layer_norm_eps),vision_use_head:e.flag("vision_use_head",t==="siglip"&&r===ss)};e.done(["vocab_size","size","max_image_size"]);let{image_size:s,patch_size:i,hidden_size:a,num_attention_heads:c}=o;if(os(s,i)<1)throw e.error(`patch_size ${i} is larger than image_size ${s}`);if(o.num_channels!==3)throw e.error(`num_channels must be 3, found ${o.num_channels}`);if(a%c!==0)throw e.error(`${c} heads do not divide hidden_size ${a}`);return o}function ye({image_size:e,patch_size:t}){return os(e,t)**2}function rr({vision_config:e,drop_first:t,connector:r}){let n=ye(e)+(e.kind==="clip"?1:0)-(t?1:0);return r.kind==="mlp"?n:n/r.scale**2}function Dr({vision_config:e,feature_layers:t,connector:r}){return e.hidden_size*t.length*(r.kind==="mlp"?1:r.scale**2)}function nr({feature_layers:e}){return Math.max(...e)}var b$=new Set(`_attn_implementation _attn_implementation_autoset _attn_implementation_internal _commit_hash _flash_attn_2_enabled
  _name_or_path add_cross_attention architectures attention_dropout auto_map bad_words_ids begin_suppress_tokens
  bos_token_id chunk_size_feed_forward cross_attention_hidden_size decoder_start_token_id diversity_penalty do_sample
  dropout dtype early_stopping encoder_no_repeat_ngram_size eos_token_id exponential_decay_length_penalty
  finetuning_task forced_bos_token_id forced_eos_token_id id2label initializer_factor initializer_range
  is_composition is_decoder is_encoder_decoder label2id length_penalty max_length min_length model_type
  neftune_noise_alpha no_repeat_ngram_size num_beam_groups num_beams num_return_sequences output_attentions
  output_hidden_states output_scores pad_token_id prefix pretraining_tp problem_type projection_dim pruned_heads
  remove_invalid_values repetition_penalty return_dict return_dict_in_generate sep_token_id suppress_tokens
  task_specific_params temperature tf_legacy_loss tie_encoder_decoder tie_word_embeddings tokenizer_class top_k top_p
  torch_dtype torchscript transformers_version typical_p unsloth_fixed unsloth_version use_bfloat16 use_cache`.split(/\s+/)),Ae=class{json;#e;#t=new Set;constructor(t,r,n="config.json"){if(this.#e=r===""?n:`${n}: ${r}`,typeof t!="object"||t===null||Array.isArray(t)){let o=t===void 0?"nothing":JSON.stringify(t).slice(0,200);throw new b(`${this.#e}: expected an object, found ${o}`)}this.json=t}error(t){return new b(`${this.#e}: ${t}`)}get(t){return this.#t.add(t),Object.hasOwn(this.json,t)?this.json[t]??void 0:void 0}number(t,r){let n=this.get(t)??r;if(typeof n!="number"||!Number.isFinite(n))throw this.error(`${t} must be a number, found ${JSON.stringify(n)}`);return n}whole(t,r,n=1,o=2**31-1){let s=this.number(t,r);if(Number.isInteger(s)&&s>=n&&s<=o)return s;let i=o<2**31-1?`from ${n} to ${o}`:`of at least ${n}`;throw this.error(`${t} must be a whole number ${i}, found ${s}`)}layers(t){return this.whole("num_hidden_layers",t,1,1e3)}flag(t,r){let n=this.get(t)??r;if(typeof n=="boolean")return n;throw this.error(`${t} must be true or false, found ${JSON.stringify(n)}`)}word(t,r,n){let o=this.get(t)??n;if(r.includes(o))return o;throw this.error(`${t} must be ${r.join(" or ")}, found ${JSON.stringify(o)}`)}choice(t,r,n){return r[this.word(t,Object.keys(r),n)]}only(t,r){let n=this.get(t)??r;if(n!==r)throw this.error(`${t} must be ${JSON.stringify(r)}, found ${JSON.stringify(n)}`)}done(t=[]){for(let[r,n]of Object.entries(this.json))if(!(this.#t.has(r)||b$.has(r)||t.includes(r))&&!(n===null||n===!1)&&!(typeof n=="object"&&Object.keys(n).length===0))throw this.error(`the field ${JSON.stringify(r)} is not known (${JSON.stringify(n).slice(0,100)}). If it does not change what the model computes, take it out; otherwise this model needs code that is not here`)}};var Mp=`// Rotary position embedding, Llama's half-split form: in each of the first \`rotated\` heads of a row, the pair
// (i, i + D/2) turns by the angle position\xB7theta^(\u22122i/D), looked up in a table.
// The other heads are copied. Backward turns the other way (sign \u22121). An invocation a pair of T: four pairs where
// D/2 is a multiple of 4. The table holds the cosines of a position, then its sines: [positions, 2, D/2].

//#include spread
//#include stored_elements

struct Params { rows: u32, heads: u32, rotated: u32, half: u32, sign: f32 } // half in T

@group(0) @binding(0) var<storage, read_write> x: array<X>;            // [rows, heads\xB7D]
@group(0) @binding(1) var<storage, read_write> y: array<Y>;            // [rows, heads\xB7D]
@group(0) @binding(2) var<storage, read_write> positions: array<i32>;  // [rows]
@group(0) @binding(3) var<storage, read_write> table: array<T>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn rope(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pair = item_index(id, groups);
  let head_row = pair / p.half;
  let row = head_row / p.heads;
  if (row >= p.rows) { return; }
  let i = pair % p.half;
  let at = head_row * 2u * p.half + i;
  let a = T(x[at]);
  let b = T(x[at + p.half]);
  if (head_row % p.heads >= p.rotated) {
    y[at] = Y(a);
    y[at + p.half] = Y(b);
    return;
  }
  let entry = 2u * u32(positions[row]) * p.half + i;
  let c = table[entry];
  let s = p.sign * table[entry + p.half];
  y[at] = Y(a * c - b * s);
  y[at + p.half] = Y(b * c + a * s);
}
`;var v$={name:"rope",wgsl:Mp,constants:({half:e})=>({VECTOR:+(e%4===0)}),bindings:()=>["x","y","positions","table"],f16:["x","y"],params:({rows:e,heads:t,rotated:r,half:n,sign:o})=>[e,t,r,n/Np(n),H(o)],workgroup:()=>64,groups:({rows:e,heads:t,half:r},n)=>R(e*t*r/Np(r),n)};function Np(e){return e%4===0?4:1}function Cp(e,t,r,n,o,s){let[i=0,a=0]=t.shape,c=a/o/2;if(!Number.isInteger(c))throw new Error(`rope: ${o} heads of even size do not fill rows of ${a}`);if(s>o)throw new Error(`rope: ${s} of ${o} heads cannot turn`);j("rope","positions",r.shape,[i]),j("rope","table",n.shape,[-1,2,c]);let u=e.result(t.shape,"rope"),f=(l,d,p)=>e.dispatch(v$,{rows:i,heads:o,rotated:s,half:c,sign:p},[l,d,r,n]);return f(t,u,1),e.needsGrad(t)&&e.differentiable(u,l=>e.assign(t,d=>f(l,d,-1))),u}var Ip=["default","linear","llama3"];function x$(e,t){if(t.type==="default")return e;let{factor:r}=t;if(t.type==="linear")return e/r;let{low:n,high:o,original:s}=t,i=(s*e/(2*Math.PI)-n)/(o-n),a=Math.min(1,Math.max(0,i));return(1-a)*e/r+a*e}function Rp(e,t,r,n={type:"default"}){let o=t/2,s=Array.from({length:o},(a,c)=>x$(r**(-2*c/t),n)),i=new Float32Array(e*o*2);for(let a=0;a<e;a++)for(let c=0;c<o;c++){let u=a*s[c];i[2*a*o+c]=Math.cos(u),i[(2*a+1)*o+c]=Math.sin(u)}return i}function Lp(e,t){let r=e.get("rope_theta"),n=e.get("rope_parameters"),o=e.get("rope_scaling"),s=n===void 0?"rope_scaling":"rope_parameters",i=new Ae(n??o??{},`text_config: ${s}`),a=i.get("type"),c=i.word("rope_type",Ip,a??"default");i.only("partial_rotary_factor",1);let u=i.number("rope_theta",typeof r=="number"?r:1e4);if(!(u>0))throw i.error(`rope_theta must be above 0, found ${u}`);let l=(()=>{if(c==="default")return{type:c};let d=i.number("factor",0);if(!(d>=1))throw i.error(`factor must be a number of at least 1, found ${JSON.stringify(i.get("factor"))}`);if(c==="linear")return{type:c,factor:d};let p=i.number("low_freq_factor",1),h=i.number("high_freq_factor",4);if(!(p>0&&h>p))throw i.error(`expected 0 < low_freq_factor < high_freq_factor, found ${p} and ${h}`);return{type:c,factor:d,low:p,high:h,original:i.whole("original_max_position_embeddings",t)}})();return i.done(["original_max_position_embeddings","max_position_embeddings"]),{theta:u,scaling:l}}var Pp={llama:{vocab:32e3,mlp:11008,keyValueHeads:void 0,positions:2048,bias:"asked"},mistral:{vocab:32e3,mlp:14336,keyValueHeads:8,positions:131072,bias:"none"},qwen2:{vocab:151936,mlp:22016,keyValueHeads:32,positions:32768,bias:"qkv"}},$$=["max_window_layers","layer_types","is_llama_config","perceiver_config","pixel_shuffle_factor","qk_layer_norms","use_resampler"];function is(e,t){let r=e.word("model_type",Object.keys(Pp),"llama"),n=Pp[r];e.word("hidden_act",["silu","swish"],"silu");let o=e.whole("num_attention_heads",32),s=e.whole("hidden_size",4096),i=k$(e,r),a=e.whole("max_position_embeddings",n.positions),c=Lp(e,a),u=e.get("pad_token_id")===void 0?void 0:e.number("pad_token_id",-1),f=e.whole("vocab_size",n.vocab),l={vocab_size:f,hidden_size:s,intermediate_size:e.whole("intermediate_size",n.mlp),num_hidden_layers:e.layers(32),num_attention_heads:o,num_key_value_heads:e.whole("num_key_value_heads",n.keyValueHeads??o),head_dim:e.whole("head_dim",s/o),max_position_embeddings:Math.min(a,i),rms_norm_eps:e.number("rms_norm_eps",t.eps),rope_theta:c.theta,rope_scaling:c.scaling,tie_word_embeddings:t.tiedBySection&&e.flag("tie_word_embeddings",!1)||t.tied,attention_bias:n.bias==="asked"?e.flag("attention_bias",!1)?"all":"none":n.bias,mlp_bias:n.bias==="asked"&&e.flag("mlp_bias",!1),padding:u!==void 0&&u<0?f+u:u};if(e.done($$),l.head_dim%2!==0)throw e.error(`head_dim must be even, since RoPE turns pairs, found ${l.head_dim}`);if(o%l.num_key_value_heads!==0)throw e.error(`${l.num_key_value_heads} key-value heads do not divide ${o} heads`);return l}function k$(e,t){let r=e.get("sliding_window")===void 0?1/0:e.whole("sliding_window",4096);return t==="mistral"?"sliding_window"in e.json?r:4096:e.flag("use_sliding_window",!1)?r:1/0}var E$=["idefics3_vision","idefics3","smolvlm_vision","siglip_vision_model"],Wa={names:{vision:"model.vision_model",projector:"model.connector",language:"model.text_model",head:"lm_head.weight"},config(e){let t=new Ae(e.get("vision_config")??{},"vision_config");t.word("model_type",E$,"idefics3_vision"),t.only("vision_use_head",!1);let r=zn(t,"siglip",Tp),n=e.get("text_config"),o={model_type:e.word("model_type",["idefics3","smolvlm"],"idefics3"),image_token_id:e.whole("image_token_id",128257,0),vision_config:r,feature_layers:[r.num_hidden_layers],post_norm:!0,drop_first:!1,connector:{kind:"pixel-shuffle",scale:e.whole("scale_factor",2)},text_config:is(new Ae(n??{},"text_config"),{eps:n===void 0?1e-5:1e-6,tied:e.flag("tie_word_embeddings",!1),tiedBySection:!1})};return e.done(["_pad_token_id","image_seq_len","vocab_size","hidden_size","qk_layer_norms"]),o},plainName:e=>e.replace(/^(vision_model|connector|text_model)\./,"model.$1."),moduleName:e=>e};var S$={image_size:336,patch_size:14,hidden_size:1024,intermediate_size:4096,num_hidden_layers:24,num_attention_heads:16},Bp={names:{vision:"vision_tower.vision_model",projector:"multi_modal_projector",language:"language_model.model",head:"language_model.lm_head.weight"},config(e){let t=A$(new Ae(e.get("vision_config")??S$,"vision_config")),r=is(new Ae(e.get("text_config")??{},"text_config"),{eps:1e-6,tied:e.flag("tie_word_embeddings",!1),tiedBySection:!0}),n=e.get("vision_feature_layer")??-2,o=(Array.isArray(n)?n:[n]).map(i=>{if(typeof i!="number"||!Number.isInteger(i))throw e.error(`vision_feature_layer must be a whole number or a list of them, found ${JSON.stringify(n)}`);return i<0?t.num_hidden_layers+1+i:i});if(o.length===0)throw e.error("vision_feature_layer: expected at least one layer, found none");let s={model_type:"llava",image_token_id:e.whole("image_token_index",e.whole("image_token_id",32e3,0),0),vision_config:t,feature_layers:o,post_norm:!1,drop_first:e.word("vision_feature_select_strategy",["default","full"],"default")==="default",connector:{kind:"mlp",activation:e.choice("projector_hidden_act",qa,"gelu"),bias:e.flag("multimodal_projector_bias",!0)},text_config:r};return e.done(["image_seq_length","ignore_index","vocab_size"]),s},plainName:e=>e.replace(/^model\.(vision_tower|multi_modal_projector|language_model)\./,"$1.").replace(/^vision_tower\.(?!vision_model\.)/,"vision_tower.vision_model.").replace(/^language_model\.(?!model\.|lm_head)/,"language_model.model.").replace(/^lm_head\./,"language_model.lm_head."),moduleName:e=>e.replace(/^vision_tower\.vision_model\./,"model.vision_tower.").replace(/^multi_modal_projector\./,"model.multi_modal_projector.").replace(/^language_model\.model\./,"model.language_model.").replace(/^language_model\.lm_head\./,"lm_head.")};function A$(e){return e.word("model_type",["clip_vision_model","siglip_vision_model"],"clip_vision_model")==="clip_vision_model"?zn(e,"clip",Da):zn(e,"siglip",ss)}var as={llava:Bp,idefics3:Wa,smolvlm:Wa};function Lt(e){let t=new Ae(e,""),r={...jp(t.word("model_type",Object.keys(as),"llava")).config(t),json:t.json},{num_hidden_layers:n}=r.vision_config;for(let i of r.feature_layers)if(!(i>=0&&i<=n))throw t.error(`vision_feature_layer: the tower has ${n} layers, so ${JSON.stringify(t.json.vision_feature_layer)} does not exist`);let{connector:o}=r,s=Math.sqrt(ye(r.vision_config));if(o.kind==="pixel-shuffle"&&s%o.scale!==0)throw t.error(`scale_factor ${o.scale} does not divide the ${s} patches of a side`);return r}function ve(e){return jp(e.model_type)}function jp(e){let t=as[e];if(!t)throw new b(`config.json: model_type must be ${Object.keys(as).join(" or ")}, found "${e}"`);return t}var Ua={temperature:1,topK:50,topP:1},O$=new Set(["bos_token_id","pad_token_id","decoder_start_token_id","eos_token_id","use_cache","cache_implementation","do_sample","temperature","top_k","top_p","repetition_penalty","max_new_tokens","max_length","output_attentions","output_hidden_states","output_scores","output_logits","return_dict_in_generate","cache_config","compile_config","disable_compile","max_cache_len","low_memory","prefill_chunk_size","early_stopping","length_penalty","remove_invalid_values","renormalize_logits","diversity_penalty"]),T$=2**31-1,zp={num_beams:1,num_beam_groups:1,num_return_sequences:1,typical_p:1,epsilon_cutoff:0,eta_cutoff:0,encoder_repetition_penalty:1,guidance_scale:1,penalty_alpha:0,min_p:0};function M$(e,t){return t===null||t===!1||O$.has(e)||e.startsWith("_")||e.endsWith("_version")||/assistant|lookbehind|lookup/.test(e)?!0:e in zp?t===zp[e]:t===0||Array.isArray(t)&&t.length===0}function qp(e){let t="generation_config.json";if(e!==void 0&&(typeof e!="object"||e===null||Array.isArray(e)))throw new b(`${t}: expected a JSON object, found ${JSON.stringify(e)}`);let r=e??{},n=(f,l,d,p)=>{let h=r[f]??l;if(typeof h=="number"&&d(h))return h;throw new b(`${t}: expected ${f} to be ${p}, found ${JSON.stringify(h)}`)},o=f=>l=>Number.isSafeInteger(l)&&l>=f,s=r.do_sample===!0,i=n("temperature",Ua.temperature,f=>f>=0,"a number of at least 0"),a=n("top_k",Ua.topK,o(0),"a whole number of at least 0"),c=n("top_p",Ua.topP,f=>f>=0&&f<=1,"a number between 0 and 1"),u=n("max_new_tokens",1,o(1),"a whole number of at least 1");return{stops:cs(r.eos_token_id,`${t}: eos_token_id`),defaults:{...s?{temperature:i,topK:a,topP:c}:{temperature:0,topK:0,topP:1},repetitionPenalty:n("repetition_penalty",1,f=>f>0,"a number above 0"),maxNewTokens:r.max_new_tokens===void 0||r.max_new_tokens===null?void 0:u},ignored:Object.entries(r).filter(([f,l])=>!M$(f,l)).map(([f,l])=>`${f} ${JSON.stringify(l)}`)}}function cs(e,t){if(e==null)return[];let r=Array.isArray(e)?e:[e];if(r.every(n=>typeof n=="number"&&Number.isInteger(n)&&n>=0&&n<=T$))return[...new Set(r)];throw new b(`${t}: expected a token id or a list of them, found ${JSON.stringify(e)}`)}var Dp="generation_config.json";async function Ga({folder:e,files:t,weights:r},n={}){let o=Wp(t,"config.json",e),s=await qn(e,()=>zd(Ka(t,"tokenizer.json"))),i=t.has(Dp)?Wp(t,Dp,e):void 0,a=await qn(e,()=>qp(i)),c=await qn(e,()=>Zf(t,o,s,rr(Lt(o)))),u=await qn(e,()=>N$(a,o,c)),f=u.find(g=>s.special(g)!==void 0),l=f===void 0?c:df(c,{id:f,text:s.special(f)}),d=await qn(e,()=>lf(t,o,n)),p=new Map([...[...t].filter(([g])=>g!=="config.json"),...d.files()]);C$(e,o,s,d,l);let h=Ka(t,"config.json");return{folder:e,files:t,weights:r,companions:p,config:o,configText:h,tokenizer:s,processor:d,format:l,stops:u,generation:a}}async function qn(e,t){try{return await t()}catch(r){throw r instanceof b?new b(`checkpoint ${e}: ${r.message}`):r}}function N$({stops:e},t,r){let n=[e,cs(t.eos_token_id,"config.json: eos_token_id"),cs(Fa(t,"text_config","eos_token_id"),"config.json: text_config.eos_token_id")].find(s=>s.length>0)??[],o=new Set([...n,...r.stops]);if(o.size>0)return[...o];throw new b(`expected a token that ends an answer: eos_token_id in generation_config.json, or one in ${r.name}; found neither. Add eos_token_id to generation_config.json`)}function C$(e,t,r,n,o){let s=[["vision_config.image_size",Fa(t,"vision_config","image_size"),"the settings of its pictures",n.size],["the image's token",t.image_token_id??t.image_token_index,"tokenizer.json, the id of the image's token",o.imageId]];for(let[a,c,u,f]of s)if(!(typeof c!="number"||c===f))throw new b(`checkpoint ${e}: expected files of one model, but config.json has ${a} ${c}, and ${u}: ${f??"none"}. Bring back the files that were saved together`);let i=Fa(t,"text_config","vocab_size");if(typeof i=="number"&&r.vocabSize>i)throw new b(`checkpoint ${e}: expected a tokenizer of at most ${i} tokens (vocab_size in config.json), found ${r.vocabSize} in tokenizer.json. Bring back the files that were saved together`)}function Fa(e,t,r){let n=e[t];return typeof n=="object"&&n!==null?n[r]:void 0}function Ka(e,t){return new TextDecoder().decode(e.get(t))}function Wp(e,t,r){try{let n=JSON.parse(Ka(e,t));if(typeof n=="object"&&n!==null&&!Array.isArray(n))return n;throw new Error(Array.isArray(n)?"a list":`${n}`)}catch(n){let o=n instanceof Error?n.message:String(n);throw new b(`${r}/${t}: expected a JSON object, found: ${o}`)}}var Up=["tokenizer.json","preprocessor_config.json","generation_config.json","tokenizer_config.json","special_tokens_map.json","processor_config.json","chat_template.jinja","chat_template.json","video_preprocessor_config.json","added_tokens.json","vocab.json","merges.txt","tokenizer.model"];function Fp(e,t=""){return e.map(({name:r,size:n},o)=>({name:r,size:n,slice:(s,i)=>({arrayBuffer:()=>I$(`${t}model/${o}/${s}-${i}`)})}))}async function I$(e){let t=await fetch(e);if(t.ok)return await t.arrayBuffer();throw new ee(`expected a piece of the model from its server, found: ${await t.text()}`)}async function Kp({texts:e,weights:t,models:r,served:n}){let o=new TextEncoder,s=t.map((a,c)=>Xi(`weights ${c+1}`,Uint8Array.fromBase64(a))),i=await Promise.all(r.map(async({name:a,files:c,weights:u,adapter:f})=>{let l=await Ga({folder:a,files:new Map(Object.entries(c).map(([d,p])=>[d,o.encode(e[p])])),weights:u.map(d=>s[d])});return{name:a,checkpoint:f===void 0?l:{...l,adapter:{config:e[f.config],weights:s[f.weights]}}}}));return n===void 0?i:[...i,{name:n.name,checkpoint:await R$(Fp(n.files))}]}async function R$(e){let t=new Map(e.map(i=>[i.name,i])),r=new Map;for(let i of["config.json",...Up]){let a=t.get(i);a!==void 0&&r.set(i,await Va(a,0,a.size))}let n=["config.json","tokenizer.json"].find(i=>!r.has(i));if(n!==void 0)throw new b(`expected the files of a checkpoint's folder, found no ${n} among ${e.length}; choose all of them together`);let s=(await Wl(new Set(t.keys()),async()=>{let i=t.get(Ze);return new TextDecoder().decode(await Va(i,0,i.size))})).map(i=>{let a=t.get(i);return{name:i,size:a.size,read:(c,u)=>Va(a,c,u)}});return await Ga({folder:"opened files",files:r,weights:s})}async function Va(e,t,r){return new Uint8Array(await e.slice(t,t+r).arrayBuffer())}var Gp=`// Element by element, four at a time: y (+)= value, a[i], a[0] (BROADCAST) or a[i]\xB7b[i].
// One invocation a vec4; the last one may be ragged, so buffers are rounded up to 16 bytes.

//#include spread

struct Params { count: u32, value: f32, add: u32 }

@group(0) @binding(0) var<storage, read_write> y: array<y_t>;
//#if INPUTS
@group(0) @binding(1) var<storage, read_write> a: array<a_t>;
//#end INPUTS
//#if PRODUCT
@group(0) @binding(2) var<storage, read_write> b: array<b_t>;
//#end PRODUCT
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn elementwise(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) {
    //#if PRODUCT
    var value = f32(a[i]) * f32(b[i]);
    //#elif BROADCAST
    var value = f32(a[0]);
    //#elif INPUTS
    var value = f32(a[i]);
    //#else
    var value = p.value;
    //#end PRODUCT
    if (p.add != 0u) { value += f32(y[i]); }
    y[i] = y_t(value);
  }
}
`;var P$={name:"elementwise",wgsl:Gp,constants:({inputs:e,broadcast:t})=>({INPUTS:e,PRODUCT:+(e===2),BROADCAST:+(t===!0),PARAMS:e+1}),bindings:({inputs:e})=>["y","a","b"].slice(0,e+1),f16:["y","a","b"],params:({count:e,value:t,add:r})=>[e,H(t??0),Number(r)],workgroup:()=>64,groups:({count:e},t)=>R(Math.ceil(e/4),t)};function Ha(e,t,r){let n=r[0].size;for(let{first:o,count:s}of rt(e.gpu,n)){let i=a=>a.size===n?a.view([n]).rows(o,s):a;e.dispatch(P$,{...t,count:s},r.map(i))}}function us(e,t,r){Ha(e,{inputs:0,add:!1,value:r},[t])}function pt(e,t,r){Ha(e,{inputs:1,add:!1},[t,r])}function Dn(e,t,r){Ha(e,{inputs:1,add:!0},[t,r])}function Vp(e,t,r,n){let o=t.bindings(r);if(o.length!==n.length)throw new Error(`kernel ${t.name}: expected ${o.length} tensors (${o}), found ${n.length}`);let s=(t.textures?.(r)??[]).map(c=>o.indexOf(c));n.forEach((c,u)=>{if(s.includes(u))return;if(c.bytes>e.largestBinding)throw new ee(`kernel ${t.name}: ${o[u]} ("${c.slot.label}") takes ${c.bytes} bytes, over this adapter's largest binding of ${e.largestBinding}; use a smaller model or batch, or another adapter`);let f=n.findIndex((l,d)=>d>u&&!s.includes(d)&&Kt(c,l));if(!(f<0))throw new Error(`kernel ${t.name}: ${o[u]} and ${o[f]} share memory ("${c.slot.label}"), but one dispatch may not bind the same memory twice: copy one of them`)});let i=o.filter((c,u)=>n[u].f16),a=i.find(c=>!t.f16?.includes(c));if(a!==void 0){let{slot:c}=n[o.indexOf(a)];throw new Error(`kernel ${t.name}: ${a} ("${c.label}") is f16, but the kernel takes it as f32 only`)}return{name:t.name,...e.pipeline(t,r,i),slices:n,textured:s,params:t.params(r),groups:t.groups(r,t.workgroup?.(r)??e.workgroup),facts:c=>({kernel:t.name,variant:[On(t,r),...i.length>0?[`f16 ${i}`]:[]].join(" "),bytes:n.reduce((u,{bytes:f})=>u+f,0),operations:t.operations?.(r,u=>{let f=n[o.indexOf(u)];return f&&c(f)})})}}function Hp(e,t,r){let{dispatches:n,groups:o,uses:s}=t,i;for(let a=0;a<r;a++){let c;n.forEach(({pipeline:u,groups:[f,l,d]},p)=>{s[p].copies.length>0&&(i?.end(),i=c=void 0,Xp(e,t,p)),i??=e.beginComputePass(),u!==c&&i.setPipeline(c=u),i.setBindGroup(0,o[p]),i.dispatchWorkgroups(f,l,d)})}i?.end()}function Jp(e,t,r,n,o){for(let s=0;s<r;s++)t.dispatches.forEach(({pipeline:i,groups:[a,c,u],facts:f},l)=>{Xp(e,t,l);let d=e.beginComputePass(n.time(f(o)));d.setPipeline(i),d.setBindGroup(0,t.groups[l]),d.dispatchWorkgroups(a,c,u),d.end()});n.end(e)}function Xp(e,{uses:t,arena:r,textures:n},o){for(let{slice:{slot:s,offset:i,bytes:a},texture:c}of t[o].copies)Ml(e,s.buffer??r,s.offset+i,a,n[c])}function Ja(e){let t=new Array(e.length).fill(0),r=e.map((s,i)=>i).sort((s,i)=>e[i].bytes-e[s].bytes||s-i),n=[],o=0;for(let s of r){let i=e[s],a=Math.ceil(i.bytes/256)*256,c=0;for(let f of n)if(!(f.last<i.first||f.first>i.last)){if(f.offset>=c+a)break;c=Math.max(c,f.end)}t[s]=c,o=Math.max(o,c+a);let u=n.findIndex(f=>f.offset>c);n.splice(u<0?n.length:u,0,{offset:c,end:c+a,...i})}return{offsets:t,total:o}}function Xa(e){let t=new Map;for(let{bytes:o,first:s,last:i}of e){let a=Math.ceil(o/256)*256;t.set(s,(t.get(s)??0)+a),t.set(i+1,(t.get(i+1)??0)-a)}let r=0,n=0;for(let o of[...t.keys()].sort((s,i)=>s-i))n=Math.max(n,r+=t.get(o));return n}var Wr=class{gpu;#e=[];#t=new Map;#r=new Set;constructor(t){this.gpu=t}get length(){return this.#e.length}slot(t,r){return{label:r,bytes:Math.max(4,t),offset:0}}input(t,r,n){if(this.#t.has(t))throw new Error(`program input "${t}" is declared twice`);let o=this.slot(r,t);return this.#t.set(t,{slot:o,initial:n}),o}output(t){t.buffer||this.#r.add(t)}dispatch(t,r,n){this.#e.push(Vp(this.gpu,t,r,n))}need(){let t=[...this.#t.values()].map(({slot:i})=>i),r=new Set([...t,...this.#r]),{pieces:n}=Yp(this.#e,r),o=[...r].reduce((i,a)=>i+Math.ceil(a.bytes/256)*256,0),{needs:s}=Ki(this.#e);return{arenaBytes:Ja(n).total,largestNeed:Xa(n),ownBytes:o+Qp(this.#e)*4,textureBytes:s.reduce((i,{format:a,rows:c})=>i+c*Gt(a),0)}}compile(){return new Ya(this.gpu,this.#e,this.#t,this.#r)}};function Yp(e,t=new Set){let r=new Map;return e.forEach(({slices:n},o)=>{for(let{slot:s}of n){if(s.buffer||t.has(s))continue;let i=r.get(s);i?i.last=o:r.set(s,{bytes:s.bytes,first:o,last:o})}}),{slots:[...r.keys()],pieces:[...r.values()]}}function Qp(e){return Math.max(64,e.length*64)}var Ya=class{gpu;arenaBytes;largestNeed;#e;#t;#r=[];#n=[];#o;#i;#s;#c=new Uint8Array(0);#a;#u;constructor(t,r,n,o){this.gpu=t,this.#e=r,this.#t=n,this.#l();for(let l of o)l.buffer=t.buffer(l.bytes,l.label),l.offset=0,this.#r.push(l.buffer),this.#n.push(l.buffer);let{slots:s,pieces:i}=Yp(r),{offsets:a,total:c}=Ja(i);s.forEach((l,d)=>l.offset=a[d]),this.arenaBytes=c,this.largestNeed=Xa(i),this.#o=this.#f();let{needs:u,uses:f}=Ki(r);this.#i=u,this.#s=f}get length(){return this.#e.length}#l(){let t=0;for(let{slot:r}of this.#t.values())r.offset=t,t+=Math.ceil(r.bytes/256)*256;if(t!==0){this.#a=this.gpu.buffer(t,"inputs"),this.#r.push(this.#a),this.#c=new Uint8Array(t);for(let{slot:r,initial:n}of this.#t.values())r.buffer=this.#a,n&&this.#c.set(new Uint8Array(n.buffer,n.byteOffset,n.byteLength),r.offset);this.gpu.device.queue.writeBuffer(this.#a,0,this.#c)}}#f(){let t=new Uint32Array(Qp(this.#e));this.#e.forEach(({params:o},s)=>{o.forEach((i,a)=>t[s*64+a]=i)});let r=GPUBufferUsage.UNIFORM|GPUBufferUsage.STORAGE|GPUBufferUsage.COPY_DST,n=this.gpu.buffer(t.byteLength,"params",r);return this.gpu.device.queue.writeBuffer(n,0,t),this.#r.push(n),n}#p(){let t=this.gpu.arena(this.arenaBytes),r=this.gpu.textures(this.#i),n=this.#u;if(n?.arena===t&&r.every((i,a)=>i===n.textures[a]))return n;let o=r.map(i=>i.createView()),s=this.#e.map(({name:i,layout:a,slices:c,params:u},f)=>this.gpu.device.createBindGroup({label:i,layout:a,entries:[...c.map(({slot:l,offset:d,bytes:p},h)=>{let g=this.#s[f].textures[h];if(g!==void 0)return{binding:h,resource:o[g]};let m=l.buffer??t,w=Math.max(16,Math.ceil(p/16)*16);return{binding:h,resource:{buffer:m,offset:l.offset+d,size:w}}}),{binding:c.length,resource:{buffer:this.#o,offset:f*256,size:Math.max(16,Math.ceil(u.length/4)*16)}}]}));return this.#u={dispatches:this.#e,groups:s,uses:this.#s,textures:r,arena:t}}upload(t){for(let[r,n]of Object.entries(t)){let o=this.#t.get(r)?.slot;if(!o)throw new Error(`program has no input "${r}"; it has ${[...this.#t.keys()].join(", ")}`);if(n.byteLength>o.bytes)throw new Error(`input "${r}": expected at most ${o.bytes} bytes, found ${n.byteLength}`);this.#c.set(new Uint8Array(n.buffer,n.byteOffset,n.byteLength),o.offset)}this.#a&&this.gpu.device.queue.writeBuffer(this.#a,0,this.#c)}poison(){let{queue:t}=this.gpu.device,r=new Uint32Array(1<<18).fill(2143322048);for(let n of[this.gpu.arena(this.arenaBytes),...this.#n])for(let o=0;o<n.size;o+=r.byteLength)t.writeBuffer(n,o,r,0,Math.min(r.byteLength,n.size-o)/4)}run(t=1){this.gpu.check();let r=this.#p(),n=this.gpu.device.createCommandEncoder(),{profiler:o}=this.gpu;o?Jp(n,r,t,o,this.#d()):Hp(n,r,t),this.gpu.device.queue.submit([n.finish()])}#d(){let t=new Set([...this.#t.values()].map(({slot:r})=>r));return({slot:r,offset:n,bytes:o})=>t.has(r)?new Int32Array(this.#c.buffer,r.offset+n,o/4):void 0}destroy(){for(let t of this.#r)this.gpu.release(t);this.#r.length=0}};var me=class{gpu;storage;#e;#t;#r=[];#n=new Map;#o=new Set;#i;#s=!0;#c=0;constructor(t,{storage:r="f32",checkpoint:n=!1}={}){or(t,r),this.gpu=t,this.storage=r,this.#e=n,this.#t=new Wr(t)}get length(){return this.#t.length}input(t,r,n="f32"){return new G(r,n,this.#t.input(t,de(r)*ne[n]))}constant(t,r=[t.length]){let n=`constant ${this.#c++}`,o=t instanceof Int32Array?"i32":"f32";return new G(r,o,this.#t.input(n,t.byteLength,t))}empty(t,r,n="f32"){return new G(t,n,this.#t.slot(de(t)*ne[n],r))}result(t,r){return this.empty(t,r,this.storage)}dispatch(t,r,n){this.#t.dispatch(t,r,n.map(o=>o.slice))}noGrad(t){let r=this.#s;this.#s=!1;try{return t()}finally{this.#s=r}}checkpoint(t){if(!this.#e||!this.#s)return t();let r=this.#r;this.#r=[];let n=t();return this.#r=r,n.requiresGrad&&this.differentiable(n.origin,o=>this.#a(t,n,o)),n}#a(t,r,n){let o=this.#r;this.#r=[],this.#s=!0;let s=t();this.#s=!1,this.#n.delete(r.origin),this.#n.set(s.origin,n),this.#u(),this.#r=o}needsGrad(...t){return this.#s&&t.some(r=>r?.requiresGrad)}gradientWanted(...t){return t.some(r=>r?.requiresGrad)}differentiable(t,r){t.requiresGrad=!0,this.#r.push({output:t,backward:r})}backward(t,r){if(!t.requiresGrad)throw new Error("backward: the loss does not depend on a tensor that requires a gradient");if(!r){if(t.size!==1)throw new Error(`backward: the loss must be a scalar, found shape [${t.shape}]`);r=this.empty(t.shape,"seed"),us(this,r,1)}this.#n.set(t.origin,r),this.#i=r,this.noGrad(()=>this.#u()),this.#r.length=0}#u(){for(let{output:t,backward:r}of this.#r.reverse()){let n=this.#n.get(t);n&&(this.#o.clear(),n===this.#i&&this.#o.add(n),r(n),n!==this.#i&&this.#o.has(n)&&this.#n.delete(t))}}gradient(t){return t.gradient??fs(this.#n.get(t.origin),t.shape)}target(t){if(!t?.requiresGrad)return;if(t.gradient)return{tensor:t.gradient,add:!0};let r=fs(this.#n.get(t.origin),t.shape);if(r)return{tensor:r,add:!0};let n=this.empty(t.shape,`d ${t.slot.label}`);return this.#n.set(t.origin,fs(n,t.origin.shape)),{tensor:n,add:!1}}assign(t,r){let n=this.target(t);if(!n)return;if(!n.add)return r(n.tensor);let o=this.empty(n.tensor.shape,`part of d ${t.slot.label}`);r(o),Dn(this,n.tensor,o)}pass(t,r){if(!t?.requiresGrad)return;if(!t.gradient&&!this.#n.has(t.origin)&&!this.#o.has(r)){this.#o.add(r),this.#n.set(t.origin,fs(r,t.origin.shape));return}let n=this.target(t);if(!n.add)return pt(this,n.tensor,r);Dn(this,n.tensor,this.apart(r,n.tensor))}apart(t,r){if(!t||!Kt(t.slice,r.slice))return t;let n=this.empty(t.shape,`copy of ${t.slot.label}`,t.dtype);return pt(this,n,t),n}output(t){return this.#t.output(t.slot),t}need(){return this.#t.need()}compile(){return this.#t.compile()}};function fs(e,t){return e?.shape.length===t.length&&e.shape.every((n,o)=>n===t[o])?e:e?.view(t)}function or(e,t){if(!(t==="f32"||e.device.features.has("shader-f16")))throw new b(`f16 storage needs the WebGPU feature shader-f16, which this adapter (${e.facts.description}) does not offer; store in f32, or choose another adapter`)}var eh=4096,Wn=eh/2,B$=200,Ur=class{#e;#t=[];#r=[];#n=[];#o=1;constructor(t){Qa(t),this.#e=t}async calibrate(){let t=await this.#i();await new Promise(o=>setTimeout(o,B$));let r=await this.#i(),n=(r.ms-t.ms)*1e6/Number(r.tick-t.tick);if(this.#o=Math.abs(n-1)<1/3?1:n,!(n>0&&Number.isFinite(n)))throw new b(`profiling needs a clock on the device, but this adapter's timestamps do not move (${t.tick}, then ${r.tick}); leave profiling out or choose another adapter`)}async#i(){let t=this.#e.createCommandEncoder();return t.beginComputePass(this.time({kernel:"",variant:"",bytes:0,operations:0})).end(),this.end(t),this.#e.queue.submit([t.finish()]),{tick:(await Zp(this.#n.pop()))[1],ms:performance.now()}}time(t){let r=this.#r.push(t)-1,n=Math.floor(r/Wn),o=2*(r%Wn);return{timestampWrites:{querySet:this.#t[n]??=this.#e.createQuerySet({type:"timestamp",count:eh,label:`timestamps ${n}`}),beginningOfPassWriteIndex:o,endOfPassWriteIndex:o+1}}}end(t){let r=this.#r;if(this.#r=[],r.length===0)return;let n=r.length*16,{QUERY_RESOLVE:o,COPY_SRC:s,COPY_DST:i,MAP_READ:a}=GPUBufferUsage,c=this.#e.createBuffer({size:n,usage:o|s,label:"timestamps"}),u=this.#e.createBuffer({size:n,usage:a|i,label:"timestamps"});for(let f=0;f<r.length;f+=Wn){let l=2*Math.min(Wn,r.length-f);t.resolveQuerySet(this.#t[f/Wn],0,l,c,f*16)}t.copyBufferToBuffer(c,0,u,0,n),this.#n.push({dispatches:r,staging:u})}async read(){let t=this.#n;this.#n=[];let r=new Map;for(let n of t){let o=await Zp(n);n.dispatches.forEach((s,i)=>{j$(r,s,Number(o[2*i+1]-o[2*i])*this.#o/1e6)})}return{rows:[...r.values()].sort((n,o)=>o.ms-n.ms),runs:t.length}}destroy(){for(let t of this.#t)t.destroy();for(let{staging:t}of this.#n)t.destroy();this.#n=[]}};function Qa({features:e}){if(!e.has("timestamp-query"))throw new b("profiling needs the WebGPU feature timestamp-query, which this adapter does not offer; leave profiling out or choose another adapter")}async function Zp({staging:e}){await e.mapAsync(GPUMapMode.READ);let t=new BigUint64Array(e.getMappedRange().slice(0));return e.destroy(),t}function j$(e,t,r){let{kernel:n,variant:o,bytes:s,operations:i=null}=t,a=`${n} ${o}`,c=e.get(a)??{kernel:n,variant:o,dispatches:0,ms:0,bytes:0,operations:0};c.dispatches++,c.ms+=r,c.bytes+=s,c.operations=c.operations===null||i===null?null:c.operations+i,e.set(a,c)}var th=`// The most memory traffic that a kernel makes: y = x, EACH vec4 an invocation, neighbours side by side.

struct Params { stride: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn roofline_copy(@builtin(global_invocation_id) id: vec3u) {
  //#repeat i EACH
  let v\${i} = x[id.x + \${i}u * p.stride];
  //#end i
  //#repeat i EACH
  y[id.x + \${i}u * p.stride] = v\${i};
  //#end i
}
`;var rh=`// The most arithmetic that an adapter does: CHAINS independent chains of fma, four wide, all in registers.
//
// A trip makes UNROLL fused multiply-adds of each chain, so the loop itself costs little; factor and term are parameters,
// so no compiler knows the result beforehand. The sum is written to keep the chains alive.

struct Params { trips: u32, factor: f32, term: f32 }

@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn roofline_peak(@builtin(global_invocation_id) id: vec3u) {
  let factor = vec4f(p.factor);
  let term = vec4f(p.term);
  //#repeat i CHAINS
  var x\${i} = vec4f(f32(id.x % \${WORKGROUP}u)) + vec4f(\${i}.0, 0.25, 0.5, 0.75);
  //#end i
  for (var trip = 0u; trip < p.trips; trip++) {
    //#repeat u UNROLL
    //#repeat i CHAINS
    x\${i} = fma(x\${i}, factor, term);
    //#end i
    //#end u
  }
  var sum = vec4f();
  //#repeat i CHAINS
  sum += x\${i};
  //#end i
  y[id.x] = dot(sum, vec4f(1.0));
}
`;var Fr=64,ds=4096,nh={name:"roofline_peak",wgsl:rh,constants:({chains:e,unroll:t})=>({CHAINS:e,UNROLL:t}),bindings:()=>["y"],params:({trips:e})=>[e,H(.999),H(.5)],workgroup:()=>Fr,groups:()=>[ds,1,1],operations:({chains:e,unroll:t,trips:r})=>8*e*t*r*ds*Fr},oh={name:"roofline_copy",wgsl:th,constants:({each:e})=>({EACH:e}),bindings:()=>["x","y"],params:({bytes:e,each:t})=>[e/16/t],workgroup:()=>Fr,groups:({bytes:e,each:t},r)=>[e/16/t/r,1,1]};var D$=[[1,16],[2,16],[3,8],[4,8],[8,8]],W$=10,U$=32768,F$=128<<20,K$=200,G$=3;async function sh(e){let t=new Ur(e.device);try{await t.calibrate();let r=ih(e),n=a=>ah(e,t,oh,{bytes:r,each:a},[r,r]),o=[await n(4),await n(8)],s=1e3*Math.max(...o.map(({bytes:a,ms:c})=>a/c)),i=Math.max(s,await H$(e));return{flops:await V$(e,t),bandwidth:i,kernelBandwidth:s}}finally{t.destroy()}}async function V$(e,t){let r=0;for(let[n,o]of D$)for(let s=64;s<=U$;s*=4){let i={chains:n,unroll:o,trips:s},{ms:a,operations:c}=await ah(e,t,nh,i,[ds*Fr*4]);if(r=Math.max(r,1e3*c/a),a>=W$)break}return r}async function H$(e){let t=ih(e),r=e.buffer(t,"roofline from"),n=e.buffer(t,"roofline to");try{for(let o=1;;o*=2){let s=e.device.createCommandEncoder();for(let c=0;c<o;c++)s.copyBufferToBuffer(r,0,n,0,t);let i=performance.now();e.device.queue.submit([s.finish()]),await e.device.queue.onSubmittedWorkDone();let a=performance.now()-i;if(a>=K$)return 1e3*2*o*t/a}}finally{e.release(r),e.release(n)}}function ih({largestBinding:e}){let t=128*Fr;return Math.floor(Math.min(F$,e)/t)*t}async function ah(e,t,r,n,o){let s=new Wr(e),i=o.map((c,u)=>s.slot(c,`roofline ${u}`));for(let c of i)s.output(c);s.dispatch(r,n,i.map(c=>({slot:c,offset:0,bytes:c.bytes})));let a=s.compile();try{a.run();let c=[];for(;c.length<G$;)e.profiler=t,a.run(),e.profiler=void 0,c.push((await t.read()).rows[0]);return c.reduce((u,f)=>f.ms<u.ms?f:u)}finally{e.profiler=void 0,a.destroy()}}var J$={constant:0},X$={constant:1};function xe(e,t,r,n=1){let o={normal:n/Math.sqrt(r)};return{name:`${e}.weight`,shape:[t,r],init:o,linear:!0}}function $e(e,t){return{name:`${e}.bias`,shape:[t],init:J$}}function Kr(e,t){return[[Un(e,t)],[$e(e,t)]]}function Un(e,t){return{name:`${e}.weight`,shape:[t],init:X$}}function ps(e){return e.map(t=>t.map(r=>({...r,idle:!0})))}var hs=["vision","projector","language"];function Pt(e){return[{name:"vision",bundles:Y$(e)},{name:"projector",bundles:ek(e)},{name:"language",bundles:tk(e)}]}function Y$(e){let{vision_config:t}=e,r=ve(e).names.vision,n=t.hidden_size,o=ye(t),s=t.kind==="clip",i={name:`${r}.embeddings.patch_embedding.weight`,shape:[n,t.num_channels,t.patch_size,t.patch_size],init:{normal:1/Math.sqrt(t.num_channels*t.patch_size**2)}},a={name:`${r}.embeddings.position_embedding.weight`,shape:[s?o+1:o,n],init:{normal:.1}},c=s?[[{name:`${r}.embeddings.class_embedding`,shape:[n],init:{normal:.02}}],[i],[a],...Kr(`${r}.pre_layrnorm`,n)]:[[i],[$e(`${r}.embeddings.patch_embedding`,n)],[a]];for(let f=0;f<t.num_hidden_layers;f++){let l=Q$(e,`${r}.encoder.layers.${f}`);c.push(...f<nr(e)?l:ps(l))}let u=Kr(`${r}.post_layernorm`,n);return c.push(...e.post_norm?u:ps(u)),t.vision_use_head&&c.push(...ps(Z$(e,`${r}.head`))),c}function Q$({vision_config:e},t){let r=e.hidden_size,n=1/Math.sqrt(2*e.num_hidden_layers),o=["q_proj","k_proj","v_proj"].map(s=>`${t}.self_attn.${s}`);return[o.map(s=>xe(s,r,r)),o.map(s=>$e(s,r)),[xe(`${t}.self_attn.out_proj`,r,r,n)],[$e(`${t}.self_attn.out_proj`,r)],...Kr(`${t}.layer_norm1`,r),[xe(`${t}.mlp.fc1`,e.intermediate_size,r)],[$e(`${t}.mlp.fc1`,e.intermediate_size)],[xe(`${t}.mlp.fc2`,r,e.intermediate_size,n)],[$e(`${t}.mlp.fc2`,r)],...Kr(`${t}.layer_norm2`,r)]}function Z$({vision_config:e},t){let r=e.hidden_size,n=1/Math.sqrt(r);return[[{name:`${t}.probe`,shape:[1,1,r],init:{normal:n}}],[{name:`${t}.attention.in_proj_weight`,shape:[3*r,r],init:{normal:n}}],[{name:`${t}.attention.in_proj_bias`,shape:[3*r],init:{constant:0}}],[xe(`${t}.attention.out_proj`,r,r)],[$e(`${t}.attention.out_proj`,r)],...Kr(`${t}.layernorm`,r),[xe(`${t}.mlp.fc1`,e.intermediate_size,r)],[$e(`${t}.mlp.fc1`,e.intermediate_size)],[xe(`${t}.mlp.fc2`,r,e.intermediate_size)],[$e(`${t}.mlp.fc2`,r)]]}function ek(e){let t=ve(e).names.projector,r=Dr(e),n=e.text_config.hidden_size;if(e.connector.kind==="pixel-shuffle")return[[xe(`${t}.modality_projection.proj`,n,r)]];let o=(s,i)=>[[xe(`${t}.${s}`,n,i)],...e.connector.kind==="mlp"&&e.connector.bias?[[$e(`${t}.${s}`,n)]]:[]];return[...o("linear_1",r),...o("linear_2",n)]}function tk(e){let{text_config:t}=e,{language:r,head:n}=ve(e).names,o=t.hidden_size,s=1/Math.sqrt(2*t.num_hidden_layers),i=[[{name:`${r}.embed_tokens.weight`,shape:[t.vocab_size,o],init:{normal:.05}}]];for(let a=0;a<t.num_hidden_layers;a++){let c=`${r}.layers.${a}`,u=t.num_attention_heads*t.head_dim,f=t.num_key_value_heads*t.head_dim,l=[["q_proj",u],["k_proj",f],["v_proj",f]],d=["gate_proj","up_proj"].map(p=>`${c}.mlp.${p}`);i.push(l.map(([p,h])=>xe(`${c}.self_attn.${p}`,h,o))),t.attention_bias!=="none"&&i.push(l.map(([p,h])=>$e(`${c}.self_attn.${p}`,h))),i.push([xe(`${c}.self_attn.o_proj`,o,u,s)]),t.attention_bias==="all"&&i.push([$e(`${c}.self_attn.o_proj`,o)]),i.push(d.map(p=>xe(p,t.intermediate_size,o))),t.mlp_bias&&i.push(d.map(p=>$e(p,t.intermediate_size))),i.push([xe(`${c}.mlp.down_proj`,o,t.intermediate_size,s)]),t.mlp_bias&&i.push([$e(`${c}.mlp.down_proj`,o)]),i.push([Un(`${c}.input_layernorm`,o)],[Un(`${c}.post_attention_layernorm`,o)])}return i.push([Un(`${r}.norm`,o)]),t.tie_word_embeddings||i.push([{...xe(n.replace(/\.weight$/,""),t.vocab_size,o),linear:!1}]),i}function ch(e){let t=Math.fround,r=1/e,n=rk(e),o=t(1-1e-6),s=Array.from({length:e},(i,a)=>{let c=Math.min(t(t(a)*t(r)),o);return n.filter(u=>u<=c).length});return Int32Array.from({length:e*e},(i,a)=>s[Math.floor(a/e)]*e+s[a%e])}function rk(e){let t=1/e,r=Math.ceil((1-t)/t),n=Math.floor(r/16)*16;return Array.from({length:r},(o,s)=>s>=n?Math.fround(t+t*s):Math.fround(Math.fround(t+t*(s-s%8))+s%8*t))}function uh(e,t,r){let n=new Int32Array(e*t*t),o=t/r,s=0;for(let i=0;i<e;i++)for(let a=0;a<o;a++)for(let c=0;c<o;c++)for(let u=0;u<r*r;u++){let f=r*a+Math.floor(u/r),l=r*c+u%r;n[s++]=(i*t+f)*t+l}return n}function ms(e,t){let r=new Int32Array(t*2),n=0;for(let o of e){for(let s=n;s<n+o;s++)r.set([n,n+o],2*s);n+=o}return r}var sr=class{size;#e;constructor(t,r){this.size=t,this.#e=r}async read(t){let r=new Float32Array(this.size);return await this.readInto(t,r),r}async readInto(t,r){for(let{start:n,tensor:o}of this.#e){if(o.dtype==="f16"){r.set(await o.read(t),n);continue}let s=o.view([o.size]);for(let i=0;i<o.size;i+=4194304){let a=s.rows(i,Math.min(4194304,o.size-i));r.set(await a.read(t),n+i)}}}write(t,r){if(r.length!==this.size)throw new Error(`expected ${this.size} values, found ${r.length}`);for(let{start:n,tensor:o}of this.#e)o.write(t,r.subarray(n,n+o.size))}};var je=64;function gs(e){let t=new Map,r=new Map,n=[],o=0;for(let s of e){let i=o;for(let a of s.bundles){let c=o,u=a.map(({name:l,shape:d,idle:p=!1})=>{let h={name:l,shape:d,offset:o,size:de(d),idle:p};return o+=h.size,t.set(l,h),h});o=Math.ceil(o/je)*je;let f=a.reduce((l,{shape:d})=>l+d[0],0);n.push({key:Za(a.map(({name:l})=>l)),module:s.name,shape:[f,...a[0].shape.slice(1)],places:u,start:c,end:o})}r.set(s.name,{start:i,end:o})}return{places:t,ranges:r,bundles:n,size:o}}function Za(e){return e.join(`
`)}var Fn=class{gpu;places;modules;size;trainable;storage;values;#e=new Map;#t=[];constructor(t,r,{trainable:n,storage:o="f32"}={}){or(t,o),this.gpu=t,this.trainable=new Set(n??r.map(({name:f})=>f)),this.storage=o;let{places:s,ranges:i,bundles:a,size:c}=gs(r);this.places=s,this.modules=i,this.size=c;try{this.#r(a)}catch(f){throw this.destroy(),f}let u=this.#t.length>0&&a.every(({key:f})=>this.#e.get(f).segment);this.values=new sr(c,u?this.#t.map(({start:f,values:l})=>({start:f,tensor:l})):a.map(({key:f,start:l})=>({start:l,tensor:this.#e.get(f).bundle.tensor})))}#r(t){let{gpu:r}=this,n=Math.floor(r.largestBuffer/4/je)*je,o=[],s=0,i=()=>{if(o.length===0)return;let a={start:o[0].start,values:G.of(r,[s]),runs:[]};this.#t.push(a);let c=0;for(let{key:u,module:f,places:l,shape:d,start:p,end:h}of o){let g=new G(d,"f32",a.values.slot,c*4);if(this.#e.set(u,{bundle:{module:f,places:l,tensor:g},segment:a}),this.trainable.has(f)){let m=a.runs.at(-1);m?.end===p?m.end=h:a.runs.push({start:p,end:h})}c+=h-p}o=[],s=0};for(let a of t){let{key:c,module:u,places:f,shape:l,start:d,end:p}=a,h=this.storage==="f16"&&l.length>1&&!this.trainable.has(u),g=(p-d)*(h?2:4);if(g>r.largestBuffer){let m=f.map(({name:_})=>_).join(" + "),w=this.storage==="f32"?"; --storage f16 halves what is frozen":"";throw new ee(`${m}: ${g} bytes are over this adapter's largest buffer, ${r.largestBuffer} bytes${w}`)}if(h){let m=G.of(r,l,void 0,"f16");this.#e.set(c,{bundle:{module:u,places:f,tensor:m},segment:void 0});continue}s+p-d>n&&i(),o.push(a),s+=p-d}i()}static initial(t,r,n){let o=new Float32Array(t.size);for(let s of r.flatMap(({bundles:i})=>i.flat()))o.set(ec(s,n),t.places.get(s.name).offset);return o}get bundles(){let t=({places:r})=>r[0].offset;return[...this.#e.values()].map(({bundle:r})=>r).sort((r,n)=>t(r)-t(n))}get gradients(){let t=this.#t.flatMap(({runs:r})=>r).flatMap(r=>[{start:r.start,tensor:this.#n(r)}]);return new sr(this.size,t)}#n(t){return t.gradients??=G.of(this.gpu,[t.end-t.start])}stretches(t){let r=t.map(s=>{let i=this.modules.get(s);if(!i)throw new Error(`no module "${s}"; there are ${[...this.modules.keys()].join(", ")}`);if(!this.trainable.has(s))throw new Error(lh(s,this.trainable));return i}),n=Math.min(...r.map(({start:s})=>s)),o=Math.max(...r.map(({end:s})=>s));return this.#t.flatMap(s=>s.runs.flatMap(i=>{let a=Math.max(i.start,n),c=Math.min(i.end,o);if(a>=c)return[];let u=this.#o(s,i.start),f=({slot:l},d)=>new G([c-a],"f32",l,(d+a-i.start)*4);return[{start:a,end:c,values:f(s.values,u),gradients:f(this.#n(i),0)}]}))}#o(t,r){for(let{bundle:n,segment:o}of this.#e.values())if(o===t&&n.places[0].offset===r)return n.tensor.offset/4;throw new Error(`no bundle starts at ${r}`)}tensor(t,r){let n=this.#e.get(Za(t));if(!n)throw new Error(`no parameters ${t.join(" + ")}`);let{bundle:{module:o,places:s,tensor:{shape:i,dtype:a,slot:c,offset:u}},segment:f}=n,l=new G(i,a,c,u);if(!r)return l;let d=s[0].offset,p=f?.runs.find(({start:h,end:g})=>d>=h&&d<g);if(!p)throw new Error(lh(o,this.trainable));return l.requiresGrad=!0,l.gradient=new G(i,"f32",this.#n(p).slot,(d-p.start)*4),l}single(t){for(let{bundle:{places:r,tensor:n}}of this.#e.values()){let o=r.find(i=>i.name===t);if(!o)continue;if(n.dtype!=="f32")throw new Error(`${t} is held in 16 bits; load it in 32`);let s=4*(o.offset-r[0].offset);return new G(o.shape,"f32",n.slot,n.offset+s)}throw new Error(`no parameter ${t}`)}of(t,r){let{offset:n,size:o}=this.places.get(r);return t.subarray(n,n+o)}get count(){return[...this.places.values()].reduce((t,{size:r})=>t+r,0)}destroy(){for(let{bundle:t,segment:r}of this.#e.values())r||t.tensor.destroy(this.gpu);for(let{values:t,runs:r}of this.#t){t.destroy(this.gpu);for(let{gradients:n}of r)n?.destroy(this.gpu)}this.#e.clear(),this.#t.length=0}};function ec({name:e,shape:t,init:r},n){let o=n.fork(e);return Float32Array.from({length:de(t)},()=>"normal"in r?r.normal*o.normal():"uniform"in r?r.uniform*(2*o.next()-1):r.constant)}function lh(e,t){return`the module ${e} has no gradients: the model was made to train ${[...t].join(", ")||"nothing"}. Load it with ${e} among \`trainable\``}var te="lora";function ht(e){return e.replace(/\.weight$/,"")}function fh(e,t){let r=new Map,n=[];for(let o of e.flatMap(({bundles:s})=>s)){let s=[],i=[];for(let{name:a,shape:[c=0,u=0],linear:f,idle:l}of o){let d=f&&!l?t(a):void 0;if(!d)continue;let p=ht(a),{rank:h}=d,g={...d,a:`${p}.lora_A.weight`,b:`${p}.lora_B.weight`};r.set(a,g),s.push({name:g.a,shape:[h,u],init:{uniform:1/Math.sqrt(u)}}),i.push({name:g.b,shape:[c,h],init:{constant:0}})}s.length>0&&n.push(s,...i.map(a=>[a]))}return{module:{name:te,bundles:n},sites:r}}var ws=class{plan;dropout;seed;scaling;#e;#t=new Map;constructor(t,r,{dropout:n,seed:o,scaling:s}){this.#e=t,this.plan=r,this.dropout=n,this.seed=o,this.scaling=s;let i=new J(o).fork("dropout");for(let a of r.sites.keys())this.#t.set(a,i.fork(a).int(2**32))}start(){let t=new J(this.seed).fork(te);for(let r of this.plan.module.bundles){let n=this.#e.tensor(r.map(({name:s})=>s),!1),o=r.flatMap(s=>[...ec(s,t)]);n.write(this.#e.gpu,Float32Array.from(o))}}of(t,r,n){let{sites:o}=this.plan,s=t.filter(u=>o.has(u));if(s.length===0)return;let i=0,a=t.flatMap(u=>{let f=o.get(u),l=i;return i+=this.#e.places.get(u).shape[0],f?[{b:this.#e.tensor([f.b],r),first:l,scale:f.scale}]:[]}),c=this.#e.tensor(s.map(u=>o.get(u).a),r);return!n||this.dropout===0?{a:c,parts:a}:{a:c,parts:a,dropout:{...n,share:this.dropout,site:this.#t.get(s[0])}}}};function dh(e,t){let r=0;for(let n=0;2*n<e.length;n++){let o=e[2*n],s=e[2*n+1];s>o&&(r+=t?n+1-o:s-o)}return r}function _s({pass:e}){return["qkv","span","o","lse",...e==="forward"?[]:["d_o","delta","dqkv"]]}var ph=2048;function Gr(e){return{BLOCK:e>ph?ph:0}}function bs(e){let{rows:t,heads:r,groups:n,headSize:o,causal:s,scale:i=1/Math.sqrt(o)}=e;return[t,r,n,Number(s),H(i)]}var nk={forward:2,queries:3,keys:4};function ys({heads:e,headSize:t,causal:r,pass:n},o){let s=o("span");return s&&2*t*nk[n]*e*dh(s,r)}var hh=`// Attention over packed sequences, without a T\xD7T buffer: the form that holds everything in registers, for CPU drivers.
//
//   o = softmax(q\xB7K\u1D40\xB7scale)\xB7V by running maximum; keeps lse = log \u03A3 exp  [rows, heads]
//
// qkv [rows, (heads + 2\xB7groups)\xB7D] holds a row's queries, keys and values side by side; query head h uses
// key-value head h / (heads/groups). span [rows, 2] gives the first row and the end (excluded) of the
// sequence a row belongs to; end <= first marks padding, whose results are 0. Causal rows see up to themselves.
// attention_queries.wgsl and attention_keys.wgsl are the backward passes.
//
// An invocation holds ROWS neighbouring rows of a head in registers, so that what it loads of the keys and values serves
// them all; rows that do not see a key are masked. They are read again for every tile of rows: through a texture, where
// it is large enough (src/gpu/program/textures.ts). With BLOCK, which long batches have, so many rows are added up at a
// time. Loops: at most two neighbouring sequences' rows and their blocks, which must stay under 65,535.

//#include spread
//#include attention_operands
@group(0) @binding(4) var<uniform> p: Params;
//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let head = i % p.heads;
  let row = (i / p.heads) * \${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row\${r} = min(row + \${r}u, p.rows - 1u);
  let range\${r} = sees(row + \${r}u);
  first = min(first, range\${r}.x);
  end = max(end, range\${r}.y);
  //#repeat d D4
  let own\${r}_\${d} = load_qkv(row\${r} * qkv_stride() + query_at(head) + \${d}u);
  var o\${r}_\${d} = vec4f();
  //#end d
  var most\${r} = LOW;
  var sum\${r} = 0.0;
  //#if BLOCK
  let sequence\${r} = sequence(row + \${r}u);
  var all_most\${r} = LOW; // of the blocks before, their sums
  var all_sum\${r} = 0.0;
  //#repeat d D4
  var all\${r}_\${d} = vec4f();
  //#end d
  //#end BLOCK
  //#end r
  first = min(first, end);
  let group = head / (p.heads / p.groups);
  let keys = key_at(group);
  let values = value_at(group);
  //#if BLOCK
  for (var start = first; start < end;) {
  var stop = end;
  //#repeat r ROWS
  stop = min(stop, block_end(start, sequence\${r}));
  //#end r
  for (var j = start; j < stop; j++) {
  //#else
  for (var j = first; j < end; j++) {
  //#end BLOCK
    let key = j * qkv_stride() + keys;
    let value = j * qkv_stride() + values;
    //#repeat d D4
    let other\${d} = load_qkv(key + \${d}u);
    let v\${d} = load_qkv(value + \${d}u);
    //#end d
    //#repeat r ROWS
    //#include attention_score
    let visible\${r} = j >= range\${r}.x && j < range\${r}.y;
    let score\${r} = select(LOW, lane_sum(s\${r}) * p.scale, visible\${r});
    let top\${r} = max(most\${r}, score\${r});
    let fade\${r} = exp(most\${r} - top\${r});
    let e\${r} = select(0.0, exp(score\${r} - top\${r}), visible\${r});
    most\${r} = top\${r};
    sum\${r} = sum\${r} * fade\${r} + e\${r};
    //#repeat d D4
    o\${r}_\${d} = fma(vec4f(e\${r}), v\${d}, o\${r}_\${d} * fade\${r});
    //#end d
    //#end r
  }
  //#if BLOCK
  start = stop;
  //#repeat r ROWS
  if (ends_block(stop, range\${r})) {
    let fade = exp(all_most\${r} - most\${r});
    all_most\${r} = most\${r};
    all_sum\${r} = fma(all_sum\${r}, fade, sum\${r});
    sum\${r} = 0.0;
    //#repeat d D4
    all\${r}_\${d} = fma(all\${r}_\${d}, vec4f(fade), o\${r}_\${d});
    o\${r}_\${d} = vec4f();
    //#end d
  }
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  //#if BLOCK
  let all_fade\${r} = exp(all_most\${r} - most\${r});
  sum\${r} = fma(all_sum\${r}, all_fade\${r}, sum\${r});
  //#repeat d D4
  o\${r}_\${d} = fma(all\${r}_\${d}, vec4f(all_fade\${r}), o\${r}_\${d});
  //#end d
  //#end BLOCK
  if (row + \${r}u < p.rows) {
    let inverse = select(0.0, 1.0 / sum\${r}, sum\${r} > 0.0);
    //#repeat d D4
    o[row\${r} * o_stride() + query_at(head) + \${d}u] = o_t4(o\${r}_\${d} * inverse);
    //#end d
    lse[row\${r} * p.heads + head] = select(0.0, most\${r} + log(sum\${r}), sum\${r} > 0.0);
  }
  //#end r
}
`;var mh=`// The gradients of attention's keys and values, in registers: attention_forward.wgsl says how everything lies.
//
//   dk = scale\xB7\u03A3_i d_score_i\xB7q_i,  dv = \u03A3_i weight_i\xB7dO_i, over the queries i that see the row, of all heads of the group;
//   d_score_i = weight_i\xB7(dO_i\xB7v \u2212 delta_i),  weight_i = exp(score_i \u2212 lse_i)
//
// Runs after attention_queries.wgsl, which writes delta. An invocation holds ROWS neighbouring rows of a key-value head:
// their keys and values; queries and dO are what it reads again and again.
// Loops: at most two neighbouring sequences' rows and their blocks times heads/groups, which must stay under 65,535 trips.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_keys(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let group = i % p.groups;
  let row = (i / p.groups) * \${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row\${r} = min(row + \${r}u, p.rows - 1u);
  let range\${r} = seen_by(row + \${r}u);
  first = min(first, range\${r}.x);
  end = max(end, range\${r}.y);
  let key\${r} = row\${r} * qkv_stride() + key_at(group);
  let value\${r} = row\${r} * qkv_stride() + value_at(group);
  //#repeat d D4
  let own\${r}_\${d} = load_qkv(key\${r} + \${d}u);
  let own_value\${r}_\${d} = load_qkv(value\${r} + \${d}u);
  var dk\${r}_\${d} = vec4f();
  var dv\${r}_\${d} = vec4f();
  //#end d
  //#if BLOCK
  let sequence\${r} = sequence(row + \${r}u);
  //#repeat d D4
  var all_dk\${r}_\${d} = vec4f();
  var all_dv\${r}_\${d} = vec4f();
  //#end d
  //#end BLOCK
  //#end r
  first = min(first, end);
  let share = p.heads / p.groups;
  for (var head = group * share; head < (group + 1u) * share; head++) {
    //#if BLOCK
    for (var start = first; start < end;) {
    var stop = end;
    //#repeat r ROWS
    stop = min(stop, block_end(start, sequence\${r}));
    //#end r
    for (var j = start; j < stop; j++) {
    //#else
    for (var j = first; j < end; j++) {
    //#end BLOCK
      let query = j * qkv_stride() + query_at(head);
      let out = j * o_stride() + query_at(head);
      let lse_j = lse[j * p.heads + head];
      let delta_j = delta[j * p.heads + head];
      //#repeat d D4
      let other\${d} = load_qkv(query + \${d}u);
      let other_value\${d} = load_d_o(out + \${d}u);
      //#end d
      //#repeat r ROWS
      let lse\${r} = lse_j;
      let delta\${r} = delta_j;
      //#include attention_pair
      //#repeat d D4
      dk\${r}_\${d} = fma(vec4f(d_score\${r}), other\${d}, dk\${r}_\${d});
      dv\${r}_\${d} = fma(vec4f(weight\${r}), other_value\${d}, dv\${r}_\${d});
      //#end d
      //#end r
    }
    //#if BLOCK
    start = stop;
    //#repeat r ROWS
    if (ends_block(stop, range\${r})) {
      //#repeat d D4
      all_dk\${r}_\${d} += dk\${r}_\${d};
      all_dv\${r}_\${d} += dv\${r}_\${d};
      dk\${r}_\${d} = vec4f();
      dv\${r}_\${d} = vec4f();
      //#end d
    }
    //#end r
    }
    //#end BLOCK
  }
  //#repeat r ROWS
  //#if BLOCK
  //#repeat d D4
  dk\${r}_\${d} += all_dk\${r}_\${d};
  dv\${r}_\${d} += all_dv\${r}_\${d};
  //#end d
  //#end BLOCK
  if (row + \${r}u < p.rows) {
    //#repeat d D4
    dqkv[key\${r} + \${d}u] = dk\${r}_\${d} * p.scale;
    dqkv[value\${r} + \${d}u] = dv\${r}_\${d};
    //#end d
  }
  //#end r
}
`;var gh=`// The gradient of attention's queries, in registers: attention_forward.wgsl says how everything lies.
//
//   delta = dO\xB7o,  dq = scale\xB7\u03A3_j d_score_j\xB7k_j,  d_score_j = weight_j\xB7(dO\xB7v_j \u2212 delta),  weight_j = exp(score_j \u2212 lse)
//
// Runs before attention_keys.wgsl, which reads delta; together they write all of dqkv. An invocation holds ROWS
// neighbouring rows of a head: their queries and dO. Loops: at most two neighbouring sequences' rows and their
// blocks, under 65,535.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_queries(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let head = i % p.heads;
  let row = (i / p.heads) * \${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row\${r} = min(row + \${r}u, p.rows - 1u);
  let range\${r} = sees(row + \${r}u);
  first = min(first, range\${r}.x);
  end = max(end, range\${r}.y);
  let query\${r} = row\${r} * qkv_stride() + query_at(head);
  let out\${r} = row\${r} * o_stride() + query_at(head);
  var delta\${r} = 0.0;
  //#repeat d D4
  let own\${r}_\${d} = load_qkv(query\${r} + \${d}u);
  let own_value\${r}_\${d} = load_d_o(out\${r} + \${d}u);
  delta\${r} += dot(own_value\${r}_\${d}, vec4f(o[out\${r} + \${d}u]));
  var dq\${r}_\${d} = vec4f();
  //#end d
  let lse\${r} = lse[row\${r} * p.heads + head];
  //#if BLOCK
  let sequence\${r} = sequence(row + \${r}u);
  //#repeat d D4
  var all\${r}_\${d} = vec4f();
  //#end d
  //#end BLOCK
  //#end r
  first = min(first, end);
  let group = head / (p.heads / p.groups);
  let keys = key_at(group);
  let values = value_at(group);
  //#if BLOCK
  for (var start = first; start < end;) {
  var stop = end;
  //#repeat r ROWS
  stop = min(stop, block_end(start, sequence\${r}));
  //#end r
  for (var j = start; j < stop; j++) {
  //#else
  for (var j = first; j < end; j++) {
  //#end BLOCK
    let key = j * qkv_stride() + keys;
    let value = j * qkv_stride() + values;
    //#repeat d D4
    let other\${d} = load_qkv(key + \${d}u);
    let other_value\${d} = load_qkv(value + \${d}u);
    //#end d
    //#repeat r ROWS
    //#include attention_pair
    //#repeat d D4
    dq\${r}_\${d} = fma(vec4f(d_score\${r}), other\${d}, dq\${r}_\${d});
    //#end d
    //#end r
  }
  //#if BLOCK
  start = stop;
  //#repeat r ROWS
  if (ends_block(stop, range\${r})) {
    //#repeat d D4
    all\${r}_\${d} += dq\${r}_\${d};
    dq\${r}_\${d} = vec4f();
    //#end d
  }
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  //#if BLOCK
  //#repeat d D4
  dq\${r}_\${d} += all\${r}_\${d};
  //#end d
  //#end BLOCK
  if (row + \${r}u < p.rows) {
    delta[row\${r} * p.heads + head] = delta\${r};
    //#repeat d D4
    dqkv[query\${r} + \${d}u] = dq\${r}_\${d} * p.scale;
    //#end d
  }
  //#end r
}
`;function tc(e,t){return{name:`attention_${e}`,wgsl:t,f16:["qkv","o"],textures:({textures:r})=>r?e==="keys"?["qkv","d_o"]:["qkv"]:[],constants:r=>({D4:r.headSize/4,D4MORE:r.headSize/4-1,ROWS:r.tile,...Gr(r.rows)}),bindings:_s,params:bs,groups:({rows:r,heads:n,groups:o,tile:s},i)=>R(Math.ceil(r/s)*(e==="keys"?o:n),i),operations:ys}}var ak={forward:tc("forward",hh),queries:tc("queries",gh),keys:tc("keys",mh)};function ck(e,t){let{headSize:r}=e;return{...e,tile:r<=64?4:r<=128?2:1,textures:t}}function wh(e,t,r){let n=r[0].size<=e.gpu.largestTexture;e.dispatch(ak[t.pass],ck(t,n),r)}var _h=`// Attention over packed sequences with tiles in workgroup memory: the form for GPUs. What is computed is what
// attention_forward.wgsl says, blocks/attention_tile.wgsl how; attention_tiled_queries.wgsl and
// attention_tiled_keys.wgsl are the backward passes.
//
// Eight invocations share a row and agree on its maximum through workgroup memory. A row's results do not depend on
// which other rows are in the batch: sums run over the other side's rows in order, and weights e^s = 2^n\xB7e^r, n whole,
// are scaled by powers of two, which rounds nothing, wherever tiles begin.

//#include spread
//#include attention_operands
@group(0) @binding(4) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return sees(row); }

// The vec4 at \`at\` of a row of qkv; there is no gradient here.
fn load(gradient: bool, row: u32, at: u32) -> vec4f { return load_qkv(row * qkv_stride() + at); }

//#include attention_tile
//#include across_tile

const LOG2_E = 1.44269504;
// ln 2 in two parts (Cody and Waite 1980): products of the first with whole numbers are exact.
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.12194440e-4;

// 2^e of whole numbers up to 0, exactly; 2^-126 for all below.
fn power_of_two(e: vec4f) -> vec4f {
  return bitcast<vec4f>((vec4i(max(e, vec4f(-126.0))) + vec4i(127)) << vec4u(23u));
}

@compute @workgroup_size(\${WORKGROUP})
fn attention_tiled_forward(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = group_index(group_id, groups);
  let tx = i % 8u;
  let ty = i / 8u;
  let head = index % p.heads;
  let own_row = index / p.heads * 32u;
  if (own_row >= p.rows) { return; }
  let row = own_row + 4u * ty;
  let all = tile_range(own_row, i);
  //#if BLOCK
  let seen = own_ranges(ty);
  //#else
  let end = all.y;
  let own = own_ranges(ty);
  //#end BLOCK
  let group = head / (p.heads / p.groups);
  let queries = Tile(false, own_row, query_at(head));

  //#repeat c VCOLS
  //#repeat r 4
  var sum0_\${c}_\${r} = vec4f();
  //#if BLOCK
  var all0_\${c}_\${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  var most = vec4f(LOW);
  var weight_sum = vec4f();
  //#if BLOCK
  var all_most = vec4f(LOW); // of the blocks before, their sums
  var all_weight_sum = vec4f();
  //#end BLOCK
  //#if BLOCK
  for (var start = all.x; start < all.y;) {
  let end = tile_stop(start, all.y, i);
  let own = Ranges(seen.first, min(seen.end, vec4u(end)));
  for (var other = start; other < end; other += 32u) {
  //#else
  for (var other = all.x; other < end; other += 32u) {
  //#end BLOCK
    var weights0 = scores(queries, Tile(false, other, key_at(group)), end, i);
    var top = vec4f(LOW);
    //#repeat c 4
    let visible\${c} = visible(other + tx + \${8 * c}u, own);
    let score\${c} = weights0[\${c}] * p.scale;
    let power\${c} = select(vec4f(LOW), floor(score\${c} * LOG2_E), visible\${c});
    top = max(top, power\${c});
    //#end c
    top = max_across(top, most, tx, ty);
    let fade = power_of_two(most - top);
    most = top;
    weight_sum *= fade;
    //#repeat c 4
    {
      let rest = min(score\${c} - power\${c} * LN2_HIGH - power\${c} * LN2_LOW, vec4f(1.0)); // of others any finite value
      weights0[\${c}] = select(vec4f(), exp(rest) * power_of_two(power\${c} - top), visible\${c});
    }
    //#end c
    //#repeat c VCOLS
    //#repeat r 4
    sum0_\${c}_\${r} *= fade[\${r}];
    //#end r
    //#end c
    let summands0 = Tile(false, other, value_at(group));
    //#repeat g 1
    //#include attention_tile_sums
    //#end g
  }
  //#if BLOCK
  start = end;
  let full = end_blocks(end, ty);
  let all_fade = power_of_two(all_most - most);
  all_weight_sum = select(all_weight_sum, all_weight_sum * all_fade + weight_sum, full);
  weight_sum = select(weight_sum, vec4f(), full);
  all_most = select(all_most, most, full);
  //#repeat r 4
  if (full[\${r}]) {
    //#repeat c VCOLS
    all0_\${c}_\${r} = all0_\${c}_\${r} * all_fade[\${r}] + sum0_\${c}_\${r};
    sum0_\${c}_\${r} = vec4f();
    //#end c
  }
  //#end r
  }
  let last_fade = power_of_two(all_most - most);
  weight_sum += all_weight_sum * last_fade;
  //#repeat c VCOLS
  //#repeat r 4
  sum0_\${c}_\${r} += all0_\${c}_\${r} * last_fade[\${r}];
  //#end r
  //#end c
  //#end BLOCK

  let some = weight_sum > vec4f();
  let inverse = select(vec4f(), 1.0 / weight_sum, some);
  let log_sum = select(vec4f(), most * LN2_HIGH + (most * LN2_LOW + log(weight_sum)), some);
  //#repeat r 4
  if (row + \${r}u < p.rows) {
    if (tx == 0u) { lse[(row + \${r}u) * p.heads + head] = log_sum[\${r}]; }
    //#repeat c VCOLS
    if (tx + \${8 * c}u < \${D4}u) {
      o[(row + \${r}u) * o_stride() + query_at(head) + tx + \${8 * c}u] = o_t4(sum0_\${c}_\${r} * inverse[\${r}]);
    }
    //#end c
  }
  //#end r
}
`;var bh=`// The gradients of attention's keys and values with tiles in workgroup memory: what is computed is what
// attention_keys.wgsl says, blocks/attention_tile.wgsl how. Sum 0 is dv = \u03A3 weight\xB7dO, sum 1 is dk = \u03A3 d_score\xB7q.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return seen_by(row); }

//#include attention_tile_backward
//#include attention_tile

@compute @workgroup_size(\${WORKGROUP})
fn attention_tiled_keys(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = group_index(group_id, groups);
  let tx = i % 8u;
  let ty = i / 8u;
  let group = index % p.groups;
  let own_row = index / p.groups * 32u;
  if (own_row >= p.rows) { return; }
  let row = own_row + 4u * ty;
  let all = tile_range(own_row, i);
  //#if BLOCK
  let seen = own_ranges(ty);
  //#else
  let end = all.y;
  let own = own_ranges(ty);
  //#end BLOCK
  let keys = Tile(false, own_row, key_at(group));
  let values = Tile(false, own_row, value_at(group));

  //#repeat g 2
  //#repeat c VCOLS
  //#repeat r 4
  var sum\${g}_\${c}_\${r} = vec4f();
  //#if BLOCK
  var all\${g}_\${c}_\${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  //#end g
  let share = p.heads / p.groups;
  for (var head = group * share; head < (group + 1u) * share; head++) {
    //#if BLOCK
    for (var start = all.x; start < all.y;) {
    let end = tile_stop(start, all.y, i);
    let own = Ranges(seen.first, min(seen.end, vec4u(end)));
    for (var other = start; other < end; other += 32u) {
    //#else
    for (var other = all.x; other < end; other += 32u) {
    //#end BLOCK
      let queries = Tile(false, other, query_at(head));
      let gradients = Tile(true, other, query_at(head));
      var weights0 = scores(keys, queries, end, i);
      var weights1 = scores(values, gradients, end, i);
      //#repeat c 4
      {
        let j = other + tx + \${8 * c}u;
        let at = min(j, p.rows - 1u) * p.heads + head;
        let power = exp(weights0[\${c}] * p.scale - lse[at]);
        weights0[\${c}] = select(vec4f(), power, visible(j, own));
        weights1[\${c}] = weights0[\${c}] * (weights1[\${c}] - delta[at]);
      }
      //#end c
      let summands0 = gradients;
      let summands1 = queries;
      //#repeat g 2
      //#include attention_tile_sums
      //#end g
    }
    //#if BLOCK
    start = end;
    let full = end_blocks(end, ty);
    //#repeat g 2
    //#repeat r 4
    if (full[\${r}]) {
      //#repeat c VCOLS
      all\${g}_\${c}_\${r} += sum\${g}_\${c}_\${r};
      sum\${g}_\${c}_\${r} = vec4f();
      //#end c
    }
    //#end r
    //#end g
    }
    //#end BLOCK
  }
  //#if BLOCK
  //#repeat g 2
  //#repeat c VCOLS
  //#repeat r 4
  sum\${g}_\${c}_\${r} += all\${g}_\${c}_\${r};
  //#end r
  //#end c
  //#end g
  //#end BLOCK

  //#repeat r 4
  if (row + \${r}u < p.rows) {
    let at = (row + \${r}u) * qkv_stride() + tx;
    //#repeat c VCOLS
    if (tx + \${8 * c}u < \${D4}u) {
      dqkv[at + key_at(group) + \${8 * c}u] = sum1_\${c}_\${r} * p.scale;
      dqkv[at + value_at(group) + \${8 * c}u] = sum0_\${c}_\${r};
    }
    //#end c
  }
  //#end r
}
`;var yh=`// The gradient of attention's queries with tiles in workgroup memory: what is computed is what attention_queries.wgsl
// says, blocks/attention_tile.wgsl how.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return sees(row); }

//#include attention_tile_backward
//#include attention_tile
//#include across_tile

@compute @workgroup_size(\${WORKGROUP})
fn attention_tiled_queries(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = group_index(group_id, groups);
  let tx = i % 8u;
  let ty = i / 8u;
  let head = index % p.heads;
  let own_row = index / p.heads * 32u;
  if (own_row >= p.rows) { return; }
  let row = own_row + 4u * ty;
  let all = tile_range(own_row, i);
  //#if BLOCK
  let seen = own_ranges(ty);
  //#else
  let end = all.y;
  let own = own_ranges(ty);
  //#end BLOCK
  let group = head / (p.heads / p.groups);
  let queries = Tile(false, own_row, query_at(head));
  let gradients = Tile(true, own_row, query_at(head));

  //#repeat c VCOLS
  //#repeat r 4
  var sum0_\${c}_\${r} = vec4f();
  //#if BLOCK
  var all0_\${c}_\${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  var own_lse = vec4f();
  var own_delta = vec4f();
  //#repeat r 4
  {
    let at = min(row + \${r}u, p.rows - 1u);
    own_lse[\${r}] = lse[at * p.heads + head];
    for (var d = tx; d < \${D4}u; d += 8u) {
      let o_d = vec4f(o[at * o_stride() + query_at(head) + d]);
      own_delta[\${r}] += dot(load(true, at, query_at(head) + d), o_d);
    }
  }
  //#end r
  own_delta = sum_across(own_delta, tx, ty);
  if (tx == 0u) {
    //#repeat r 4
    if (row + \${r}u < p.rows) { delta[(row + \${r}u) * p.heads + head] = own_delta[\${r}]; }
    //#end r
  }

  //#if BLOCK
  for (var start = all.x; start < all.y;) {
  let end = tile_stop(start, all.y, i);
  let own = Ranges(seen.first, min(seen.end, vec4u(end)));
  for (var other = start; other < end; other += 32u) {
  //#else
  for (var other = all.x; other < end; other += 32u) {
  //#end BLOCK
    var weights0 = scores(queries, Tile(false, other, key_at(group)), end, i);
    let d_weights = scores(gradients, Tile(false, other, value_at(group)), end, i);
    //#repeat c 4
    {
      let power = exp(weights0[\${c}] * p.scale - own_lse);
      let weight = select(vec4f(), power, visible(other + tx + \${8 * c}u, own));
      weights0[\${c}] = weight * (d_weights[\${c}] - own_delta);
    }
    //#end c
    let summands0 = Tile(false, other, key_at(group));
    //#repeat g 1
    //#include attention_tile_sums
    //#end g
  }
  //#if BLOCK
  start = end;
  let full = end_blocks(end, ty);
  //#repeat r 4
  if (full[\${r}]) {
    //#repeat c VCOLS
    all0_\${c}_\${r} += sum0_\${c}_\${r};
    sum0_\${c}_\${r} = vec4f();
    //#end c
  }
  //#end r
  }
  //#end BLOCK
  //#if BLOCK
  //#repeat c VCOLS
  //#repeat r 4
  sum0_\${c}_\${r} += all0_\${c}_\${r};
  //#end r
  //#end c
  //#end BLOCK

  //#repeat r 4
  if (row + \${r}u < p.rows) {
    //#repeat c VCOLS
    if (tx + \${8 * c}u < \${D4}u) {
      dqkv[(row + \${r}u) * qkv_stride() + query_at(head) + tx + \${8 * c}u] = sum0_\${c}_\${r} * p.scale;
    }
    //#end c
  }
  //#end r
}
`;var nc=32,dk=64;function pk(e){return Math.ceil(e/Math.ceil(e/8))}function hk(e,t){let r=nc;for(;r*e>t;)r/=2;return r}function rc(e,t){return{name:`attention_tiled_${e}`,wgsl:t,f16:["qkv","o"],constants(r){let n=r.headSize/4,o=pk(n),s=o|1;return{D4:n,DEPTH:o,PITCH:s,STEP:hk(n,nc*(o+s)),VCOLS:Math.ceil(n/8),WEIGHT_SUM:+(e==="forward"),...Gr(r.rows)}},bindings:_s,params:bs,workgroup:()=>dk,groups:({rows:r,heads:n,groups:o})=>R(Math.ceil(r/nc)*(e==="keys"?o:n),1),operations:ys}}var mk={forward:rc("forward",_h),queries:rc("queries",yh),keys:rc("keys",bh)};function vh(e,t,r){e.dispatch(mk[t.pass],t,r)}var xh=`// y[rows, width] (+)= x[rows, from] with columns left out at the end, or columns of zeros added. Its own backward, the
// other way round. An invocation an element.

//#include spread

struct Params { rows: u32, width: u32, columns: u32, add: u32 } // columns: of x

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn resize_columns(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  let column = i % p.width;
  if (row >= p.rows) { return; }
  var value = 0.0;
  if (column < p.columns) { value = f32(x[row * p.columns + column]); }
  if (p.add != 0u) { value += f32(y[i]); }
  y[i] = y_t(value);
}
`;var $h={name:"resize_columns",wgsl:xh,constants:()=>({}),bindings:()=>["x","y"],f16:["x","y"],params:({rows:e,width:t,columns:r,add:n})=>[e,t,r,Number(n)],workgroup:()=>64,groups:({rows:e,width:t},r)=>R(e*t,r)};function Bt(e,t,r,n){let o=t.size/r,s=e.result([o,n],"resized");return e.dispatch($h,{rows:o,width:n,columns:r,add:!1},[t,s]),e.needsGrad(t)&&e.differentiable(s,i=>{let a=e.target(t);e.dispatch($h,{rows:o,width:r,columns:n,add:a.add},[i,a.tensor])}),s}function Vr(e){return 4*Math.ceil(e/4)}function vs(e,t,r,n,o){return wk(e,t,r,n,o).o}function wk(e,t,r,n,o){let{heads:s,groups:i,headSize:a}=n,[c=0]=t.shape;if(s%i!==0)throw new Error(`attention: ${i} key-value heads do not divide ${s} heads`);j("attention","qkv",t.shape,[c,(s+2*i)*a]),j("attention","span",r.shape,[c,2]);let u=Vr(a);if(u!==a){let f=Bt(e,t,a,u).view([c,(s+2*i)*u]),l=kh(e,f,r,{...n,headSize:u},o,1/Math.sqrt(a));return{...l,o:Bt(e,l.o,u,a).view([c,s*a])}}return kh(e,t,r,n,o)}function kh(e,t,r,n,o,s){let{heads:i,groups:a,headSize:c}=n,[u=0]=t.shape,f=e.result([u,i*c],"attention"),l=e.empty([u,i],"log-sum-exp"),d={rows:u,heads:i,groups:a,headSize:c,causal:o,...s!==void 0&&{scale:s}},p=nt("attention",e.gpu)==="registers"?wh:vh;return p(e,{...d,pass:"forward"},[t,r,f,l]),e.needsGrad(t)&&e.differentiable(f,h=>{let g=e.empty([u,i],"delta");e.assign(t,m=>{let w=[t,r,f,l,h,g,m];p(e,{...d,pass:"queries"},w),p(e,{...d,pass:"keys"},w)})}),{o:f,lse:l,qkv:t,span:r,layout:n,causal:o,scale:s??1/Math.sqrt(c)}}var Eh=`// The gradient of the input of LayerNorm (CENTRED) and RMSNorm of any width, a row an invocation.
//
//   dx (+)= rstd\xB7(g \u2212 mean(g) \u2212 x\u0302\xB7mean(g\xB7x\u0302)),  g = dy\xB7weight; RMSNorm: without mean(g)
//
// x\u0302 comes from the mean and rstd that norm_forward.wgsl kept. d weight: norm_weight_parts.wgsl, d bias: column_parts.wgsl.

//#include spread
//#include norm_elements
@group(0) @binding(3) var<storage, read_write> dy: array<T>;
@group(0) @binding(4) var<storage, read_write> dx: array<T>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn norm_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = item_index(id, groups);
  if (row >= p.rows) { return; }
  let first = row * p.width;
  let mean = stats[2u * row];
  let rstd = stats[2u * row + 1u];
  var sum_g = T();
  var sum_gx = T();
  for (var i = 0u; i < p.width; i++) {
    let g = dy[first + i] * weight[i];
    sum_g += g;
    sum_gx += g * (T(x[first + i]) - mean);
  }
  let mean_gx = element_sum(sum_gx) * rstd / p.size;
  //#if CENTRED
  let mean_g = element_sum(sum_g) / p.size;
  //#else
  let mean_g = 0.0;
  //#end CENTRED
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    var value = rstd * (dy[first + i] * weight[i] - mean_g - hat * mean_gx);
    if (p.add != 0u) { value += dx[first + i]; }
    dx[first + i] = value;
  }
}
`;var Sh=`// LayerNorm (CENTRED) and RMSNorm of any width, a row an invocation; norm_rows_forward.wgsl is the fast form.
//
//   y = x\u0302\xB7weight (+ bias),  x\u0302 = (x \u2212 mean)\xB7rstd,  rstd = 1/\u221A(mean((x \u2212 mean)\xB2) + eps)
//
// RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2].

//#include spread
//#include norm_elements
@group(0) @binding(3) var<storage, read_write> y: array<Y>;
//#if CENTRED
@group(0) @binding(4) var<storage, read_write> bias: array<T>;
//#end CENTRED
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn norm_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = item_index(id, groups);
  if (row >= p.rows) { return; }
  let first = row * p.width;
  var mean = 0.0;
  //#if CENTRED
  var sum = T();
  for (var i = 0u; i < p.width; i++) { sum += T(x[first + i]); }
  mean = element_sum(sum) / p.size;
  //#end CENTRED
  var square = T();
  for (var i = 0u; i < p.width; i++) {
    let d = T(x[first + i]) - mean;
    square += d * d;
  }
  let rstd = 1.0 / sqrt(element_sum(square) / p.size + p.eps);
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    //#if CENTRED
    y[first + i] = Y(hat * weight[i] + bias[i]);
    //#else
    y[first + i] = Y(hat * weight[i]);
    //#end CENTRED
  }
  stats[2u * row] = mean;
  stats[2u * row + 1u] = rstd;
}
`;var Ah={f16:["x","y"],params:({rows:e,width:t,eps:r,add:n})=>[e,t%4===0?t/4:t,H(t),H(r),Number(n)],groups:({rows:e},t)=>R(e,t)},oc={...Ah,name:"norm_forward",wgsl:Sh,constants:e=>({VECTOR:+(e.width%4===0),CENTRED:Number(e.centred),PARAMS:oc.bindings(e).length}),bindings:({centred:e})=>["x","weight","stats","y",...e?["bias"]:[]]},Oh={...Ah,name:"norm_backward",wgsl:Eh,constants:({width:e,centred:t})=>({VECTOR:+(e%4===0),CENTRED:Number(t)}),bindings:()=>["x","weight","stats","dy","dx"]};var Th=`// The gradients of LayerNorm (CENTRED) and RMSNorm, TILE rows a workgroup at a time, in registers.
//
//   dx (+)= rstd\xB7(g \u2212 mean(g) \u2212 x\u0302\xB7mean(g\xB7x\u0302)),  g = dy\xB7weight; RMSNorm: without mean(g)
//   d weight = \u03A3 rows dy\xB7x\u0302,  d bias = \u03A3 rows dy: each workgroup's share in a row of weight_parts and bias_parts;
//   column_sum.wgsl adds these up
//
// x\u0302 comes from the mean and rstd that norm_rows_forward.wgsl kept. How rows lie: blocks/norm_lanes.wgsl.

//#include spread
//#include norm_lanes
@group(0) @binding(3) var<storage, read_write> dy: array<vec4f>;
//#if DX
@group(0) @binding(\${DX}) var<storage, read_write> dx: array<vec4f>;
//#end DX
//#if WEIGHT_PARTS
@group(0) @binding(\${WEIGHT_PARTS}) var<storage, read_write> weight_parts: array<vec4f>; // [groups, width]
//#end WEIGHT_PARTS
//#if BIAS_PARTS
@group(0) @binding(\${BIAS_PARTS}) var<storage, read_write> bias_parts: array<vec4f>; // [groups, width]
//#end BIAS_PARTS
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include lane_sum
//#include workgroup_sums

@compute @workgroup_size(\${WORKGROUP})
fn norm_rows_backward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  let size = f32(4u * p.width);
  //#repeat c HELD
  let at\${c} = min(\${c * LANES}u + lane, p.width - 1u);
  let within\${c} = within(\${c * LANES}u + lane);
  let w\${c} = weight[at\${c}];
  var dw\${c} = vec4f();
  var db\${c} = vec4f();
  //#end c
  //#if LOOP
  for (var block = 0u; block < p.blocks; block++) {
    let row = (group * p.blocks + block) * \${TILE}u;
  //#else
  {
    let block = 0u;
    let row = group * \${TILE}u;
  //#end LOOP
    var own = Sums(); // of g\xB7x\u0302, and of g
    //#repeat r TILE
    let row\${r} = min(row + \${r}u, p.rows - 1u);
    let start\${r} = row\${r} * p.width;
    let known\${r} = stats[row\${r}];
    let here\${r} = select(0.0, 1.0, row + \${r}u < p.rows); // a row past the last has gradient 0
    var g\${r} = vec4f();
    var gx\${r} = vec4f();
    //#repeat c HELD
    let hat\${r}_\${c} = (vec4f(x[start\${r} + at\${c}]) - known\${r}.x) * known\${r}.y;
    let d\${r}_\${c} = select(vec4f(), dy[start\${r} + at\${c}] * here\${r}, within\${c});
    let dw\${r}_\${c} = d\${r}_\${c} * hat\${r}_\${c};
    g\${r} = fma(d\${r}_\${c}, w\${c}, g\${r});
    gx\${r} = fma(dw\${r}_\${c}, w\${c}, gx\${r});
    dw\${c} += dw\${r}_\${c};
    db\${c} += d\${r}_\${c};
    //#end c
    own.first[\${r}] = lane_sum(gx\${r});
    own.second[\${r}] = lane_sum(g\${r});
    //#end r
    let sums = workgroup_sums(own, block, lane);
    let mean_gx = sums.first / size;
    let mean_g = sums.second / size;
    //#if DX
    //#repeat r TILE
    //#repeat c HELD
    if (row + \${r}u < p.rows && within\${c}) {
      var value = known\${r}.y * (d\${r}_\${c} * w\${c} - mean_g[\${r}] - hat\${r}_\${c} * mean_gx[\${r}]);
      //#if ADD
      value += dx[start\${r} + at\${c}];
      //#end ADD
      dx[start\${r} + at\${c}] = value;
    }
    //#end c
    //#end r
    //#end DX
  }
  //#repeat c HELD
  if (within\${c}) {
    //#if WEIGHT_PARTS
    weight_parts[group * p.width + at\${c}] = dw\${c};
    //#end WEIGHT_PARTS
    //#if BIAS_PARTS
    bias_parts[group * p.width + at\${c}] = db\${c};
    //#end BIAS_PARTS
  }
  //#end c
}
`;var Mh=`// LayerNorm (CENTRED) and RMSNorm, TILE rows a workgroup at a time: every value is loaded once and held in registers.
//
//   y = x\u0302\xB7weight (+ bias),  x\u0302 = (x \u2212 mean)\xB7rstd,  rstd = 1/\u221A(mean((x \u2212 mean)\xB2) + eps)
//
// RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2]. How rows lie: blocks/norm_lanes.wgsl.

//#include spread
//#include norm_lanes
@group(0) @binding(3) var<storage, read_write> y: array<y_t4>;
//#if CENTRED
@group(0) @binding(4) var<storage, read_write> bias: array<vec4f>;
//#end CENTRED
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include lane_sum
//#include workgroup_moments

// sum + off\xB2, off being of a vec4 that may not exist.
fn add_square(sum: vec4f, off: vec4f, within: bool) -> vec4f {
  //#if RAGGED
  return sum + select(vec4f(), off * off, within);
  //#else
  return fma(off, off, sum);
  //#end RAGGED
}

@compute @workgroup_size(\${WORKGROUP})
fn norm_rows_forward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  //#repeat c HELD
  let at\${c} = min(\${c * LANES}u + lane, p.width - 1u);
  let within\${c} = within(\${c * LANES}u + lane);
  let w\${c} = weight[at\${c}];
  //#if CENTRED
  let b\${c} = bias[at\${c}];
  //#end CENTRED
  //#end c
  //#if LOOP
  for (var block = 0u; block < p.blocks; block++) {
    let row = (group * p.blocks + block) * \${TILE}u;
  //#else
  {
    let block = 0u;
    let row = group * \${TILE}u;
  //#end LOOP
    var own = Sums(); // of squares about the lane's mean, and of values
    //#repeat r TILE
    let start\${r} = min(row + \${r}u, p.rows - 1u) * p.width;
    //#repeat c HELD
    let v\${r}_\${c} = vec4f(x[start\${r} + at\${c}]);
    //#end c
    var middle\${r} = 0.0;
    //#if CENTRED
    var sum\${r} = vec4f();
    //#repeat c HELD
    sum\${r} += select(vec4f(), v\${r}_\${c}, within\${c});
    //#end c
    own.second[\${r}] = lane_sum(sum\${r});
    middle\${r} = own.second[\${r}] / max(held(lane), 1.0);
    //#end CENTRED
    var square\${r} = vec4f();
    //#repeat c HELD
    square\${r} = add_square(square\${r}, v\${r}_\${c} - middle\${r}, within\${c});
    //#end c
    own.first[\${r}] = lane_sum(square\${r});
    //#end r
    let moments = workgroup_moments(own, block, lane);
    let mean = moments.mean;
    let rstd = 1.0 / sqrt(moments.square + p.eps);
    //#repeat r TILE
    //#repeat c HELD
    if (row + \${r}u < p.rows && within\${c}) {
      let hat = (v\${r}_\${c} - mean[\${r}]) * rstd[\${r}];
      //#if CENTRED
      y[start\${r} + at\${c}] = y_t4(hat * w\${c} + b\${c});
      //#else
      y[start\${r} + at\${c}] = y_t4(hat * w\${c});
      //#end CENTRED
    }
    //#end c
    //#end r
    if (lane < \${TILE}u && row + lane < p.rows) { stats[row + lane] = vec2f(mean[lane], rstd[lane]); }
  }
}
`;var xk=65536,Nh=[32,64,128,256],$k=4,kk=8,Ch=32;function Ih(e,t,r){let n=r==="registers",o=n?8:Nh.find(c=>c*$k>=t/4)??Nh.at(-1),s=Math.ceil(t/4/o);if(t%4!==0||s>16)return;let i=n?4:[4,2].find(c=>c*s<=kk)??1,a=n?1:Math.ceil(e/i/(xk/o));return{lanes:o,held:s,tile:i,blocks:a,groups:Math.ceil(e/i/a)}}var Rh={f16:["x","y"],params:({rows:e,width:t,blocks:r,eps:n})=>[e,t/4,r,H(n)],workgroup:({lanes:e})=>e,groups:({groups:e})=>R(e,1)};function Lh({lanes:e,held:t,tile:r,blocks:n,width:o,centred:s}){return{LANES:e,TREE:+(e>Ch),PARTS:e>Ch?e/16:e,HELD:t,TILE:r,LOOP:+(n>1),RAGGED:+(o/4%e!==0),CENTRED:Number(s)}}function Ph({rows:e,width:t,centred:r}){return`${r?"LayerNorm":"RMSNorm"} ${e}\xD7${t}`}var sc={...Rh,name:"norm_rows_forward",wgsl:Mh,constants:e=>({...Lh(e),PARAMS:sc.bindings(e).length}),bindings:({centred:e})=>["x","weight","stats","y",...e?["bias"]:[]],label:e=>`${Ph(e)} forward`},ic={...Rh,name:"norm_rows_backward",wgsl:Th,constants(e){let t=ic.bindings(e),r=n=>Math.max(0,t.indexOf(n));return{...Lh(e),DX:r("dx"),ADD:Number(e.gradients.add),WEIGHT_PARTS:r("weight_parts"),BIAS_PARTS:r("bias_parts"),PARAMS:t.length}},bindings:({gradients:{dx:e,weight:t,bias:r}})=>["x","weight","stats","dy",...e?["dx"]:[],...t?["weight_parts"]:[],...r?["bias_parts"]:[]],label:e=>`${Ph(e)} backward`};function Kn(e,t,r,n){return Bh(e,t,r,void 0,n)}function Hr(e,t,r,n,o){return Bh(e,t,r,n,o)}function Bh(e,t,r,n,o){let[s,i]=Se(t),a=n?"layer norm":"rms norm";j(a,"weight",r.shape,[i]),n&&j(a,"bias",n.shape,[i]);let c=e.result(t.shape,a),u=e.empty([s,2],`${a} statistics`),f=n?[t,r,u,c,n]:[t,r,u,c],l={rows:s,width:i,eps:o,centred:n!==void 0},d=Ih(s,i,nt("norm",e.gpu));if(d?e.dispatch(sc,{...l,...d},f):e.dispatch(oc,{...l,add:!1},f),e.needsGrad(t,r,n)){let p={x:t,weight:r,bias:n,stats:u};e.differentiable(c,h=>{d?Ek(e,{...l,...d},{...p,dy:h}):Sk(e,l,{...p,dy:h})})}return c}function Ek(e,t,{x:r,weight:n,bias:o,stats:s,dy:i}){let a=e.target(n),c=e.target(o),u=e.target(r),f=(g,m)=>g&&e.empty([t.groups,t.width],`parts of d ${m}`),l=f(a,"weight"),d=f(c,"bias"),p={dx:!!u,add:u?.add??!1,weight:!!a,bias:!!c},h=[r,n,s,i,u?.tensor,l,d].filter(g=>g!==void 0);e.dispatch(ic,{...t,gradients:p},h),a&&tr(e,l,a),c&&tr(e,d,c)}function Sk(e,t,{x:r,weight:n,bias:o,stats:s,dy:i}){let a=e.target(n);a&&tr(e,i,a,{input:r,stats:s});let c=e.target(o);c&&tr(e,i,c);let u=e.target(r);u&&e.dispatch(Oh,{...t,add:u.add},[r,n,s,i,u.tensor])}function jh(e,t,r,n,o){let{heads:s,eps:i,activation:a}=o,c={heads:s,groups:s,headSize:t.shape[1]/s},u=Hr(e,t,n.norm1.weight,n.norm1.bias,i),f=(m,{weight:w,..._},y={})=>Rt(e,m,w,{..._,...y}),l=f(u,n.qkv),d=vs(e,l,r,c,!1),p=f(d,n.out,{residual:t}),h=Hr(e,p,n.norm2.weight,n.norm2.bias,i),g=f(h,n.fc1,{activation:a});return f(g,n.fc2,{residual:p})}function zh(e,t,r){j("add","b",r.shape,t.shape);let n=e.result(t.shape,"sum");return pt(e,n,t),Dn(e,n,r),e.needsGrad(t,r)&&e.differentiable(n,o=>{e.pass(t,o),e.pass(r,o)}),n}var qh=`// d features[f] (+)= dy[place[f]], place[f] being the row that shows feature f (-1: none). No sum is needed, since no two
// rows show one feature. An invocation an element.

//#include spread

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: features

@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> d_features: array<f32>;
@group(0) @binding(2) var<storage, read_write> place: array<i32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn embedding_features(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let feature = i / p.width;
  if (feature >= p.count) { return; }
  var value = 0.0;
  if (place[feature] >= 0) { value = dy[u32(place[feature]) * p.width + i % p.width]; }
  if (p.add != 0u) { value += d_features[i]; }
  d_features[i] = value;
}
`;var Dh=`// Token sequence: row r of y is features[image[r]] where image[r] >= 0, else table[ids[r]]; a negative id gives 0.
// embedding_features.wgsl and embedding_table.wgsl are its gradients. An invocation an element.

//#include spread

// Of a table that is larger than a binding a piece is bound, entries from p.first to p.end: what stands in others is
// left as it is, unless the piece is the first, which also writes all that is not of the table.

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: rows of y

@group(0) @binding(0) var<storage, read_write> y: array<y_t>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> table: array<table_t>;
@group(0) @binding(2) var<storage, read_write> ids: array<i32>;
@group(0) @binding(3) var<storage, read_write> features: array<features_t>;
@group(0) @binding(4) var<storage, read_write> image: array<i32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  if (row >= p.count) { return; }
  let column = i % p.width;
  let token = select(ids[row], -1, image[row] >= 0);
  let own = token >= i32(p.first) && token < i32(p.end);
  if (!own && p.first > 0u) { return; }
  var value = 0.0;
  if (image[row] >= 0) {
    value = f32(features[u32(image[row]) * p.width + column]);
  } else if (own) {
    value = f32(table[(u32(token) - p.first) * p.width + column]);
  }
  y[i] = y_t(value);
}
`;var Wh=`// d table[id] += \u03A3 dy over the rows that hold id. The rows of each id are listed by the host: an entry of \`held\` is
// id, first and end in \`rows\`; one with first = end is padding. Every id stands in one entry, so sums are deterministic
// without atomics. An invocation an element of an entry's row.

//#include spread

// Of a table that is larger than a binding a piece is bound, entries from p.first to p.end.

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: entries of \`held\`

@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> d_table: array<f32>;
@group(0) @binding(2) var<storage, read_write> held: array<i32>; // [count, 3]
@group(0) @binding(3) var<storage, read_write> rows: array<i32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn embedding_table(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let entry = i / p.width;
  if (entry >= p.count) { return; }
  let column = i % p.width;
  let token = held[3u * entry];
  let first = held[3u * entry + 1u];
  let end = held[3u * entry + 2u];
  if (end <= first || token < i32(p.first) || token >= i32(p.end)) { return; }
  var sum = 0.0;
  // In blocks of 1,024 rows, four a trip: 256,000 rows that hold one id take 64,750 trips of all loops.
  for (var start = first; start < end; start += 1024) {
    let stop = min(start + 1024, end);
    var part = 0.0;
    var at = start;
    for (; at + 4 <= stop; at += 4) {
      //#repeat j 4
      part += dy[u32(rows[at + \${j}]) * p.width + column];
      //#end j
    }
    for (; at < stop; at++) { part += dy[u32(rows[at]) * p.width + column]; }
    sum += part;
  }
  d_table[(u32(token) - p.first) * p.width + column] += sum;
}
`;function ac(e,t,r){return{name:e,wgsl:t,constants:()=>({}),bindings:()=>r,f16:["y","table","features"],params:({count:n,width:o,add:s,first:i,end:a})=>[n,o,Number(s),i,a],workgroup:()=>64,groups:({count:n,width:o},s)=>R(n*o,s)}}var Mk=ac("embedding",Dh,["y","table","ids","features","image"]),Nk=ac("embedding_features",qh,["dy","d_features","place"]),Ck=ac("embedding_table",Wh,["dy","d_table","held","rows"]),Uh=256e3;function xs(e,t,r,n){let[o=0]=n.ids.shape,[,s=0]=t.shape,[i=0]=r.shape,[a=0]=n.held.shape;if(o>Uh)throw new Error(`embedding: ${o} rows are over ${Uh}; split the batch`);j("embedding","features",r.shape,[-1,s]),j("embedding","image",n.image.shape,[o]),j("embedding","place",n.place.shape,[i]);let c=e.result([o,s],"embedding"),[u=0]=t.shape,f=l=>qr(e.gpu,u,s*ne[l.dtype]).map(({first:d,count:p})=>({part:p===u?l:l.rows(d,p),first:d,end:d+p}));for(let{part:l,...d}of f(t)){let p=[c,l,n.ids,r,n.image];e.dispatch(Mk,{count:o,width:s,add:!1,...d},p)}return e.needsGrad(t,r)&&e.differentiable(c,l=>{let d=e.target(r);if(d){let h={count:i,width:s,add:d.add,first:0,end:u};e.dispatch(Nk,h,[l,d.tensor,n.place])}let p=e.target(t);if(p){if(!p.add)throw new Error("embedding: the table must be a parameter with a gradient tensor of its own");for(let{part:h,...g}of f(p.tensor)){let m={count:a,width:s,add:!0,...g};e.dispatch(Ck,m,[l,h,n.held,n.rows])}}}),c}function $s(e,{imageId:t,rows:r,features:n,used:o=n,padding:s}){if(e.length>r)throw new Error(`${e.length} tokens do not fit into ${r} rows`);let i=new Int32Array(r).fill(-1),a=new Int32Array(r).fill(-1),c=new Int32Array(n).fill(-1),u=0,f=new Map;if(e.forEach((g,m)=>{if(g===t){u<o&&(c[u]=m),a[m]=u++;return}if(i[m]=g,g===s)return;let w=f.get(g);w?w.push(m):f.set(g,[m])}),u!==o)throw new Error(`expected ${o} image placeholders for as many features, found ${u}`);let l=new Int32Array(r*3),d=new Int32Array(r),p=0,h=0;for(let g of[...f.keys()].sort((m,w)=>m-w)){let m=f.get(g);l.set([g,p,p+m.length],3*h++),d.set(m,p),p+=m.length}return{ids:i,image:a,place:c,held:l,rows:d}}var Fh=`// y[i] (+)= x[index[i]], or 0 where index[i] < 0. With the inverse index it is its own backward.
// An invocation an element.

//#include spread

struct Params { count: u32, width: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> index: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<y_t>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn gather_rows(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count * p.width) { return; }
  let source = index[i / p.width];
  var value = 0.0;
  if (source >= 0) { value = f32(x[u32(source) * p.width + i % p.width]); }
  if (p.add != 0u) { value += f32(y[i]); }
  y[i] = y_t(value);
}
`;var Kh={name:"gather_rows",wgsl:Fh,constants:()=>({}),bindings:()=>["x","index","y"],f16:["x","y"],params:({count:e,width:t,add:r})=>[e,t,Number(r)],workgroup:()=>64,groups:({count:e,width:t},r)=>R(e*t,r)};function jt(e,t,r,n){let[o,s]=Se(t),[i=0]=r.shape;j("gather rows","inverse",n.shape,[o]);let a=e.result([i,s],"gathered rows");return e.dispatch(Kh,{count:i,width:s,add:!1},[t,r,a]),e.needsGrad(t)&&e.differentiable(a,c=>{let u=e.target(t);e.dispatch(Kh,{count:o,width:s,add:u.add},[c,n,u.tensor])}),a}function Gh(e,t,r,n,o){let{config:s}=t,{vision_config:i,feature_layers:a}=s,c=t.names.vision,u=v=>v.map(A=>`${c}.${A}`),f=n.has("vision"),l=(...v)=>t.parameters.tensor(u(v),f),d=(...v)=>{let A=v.map(I=>`${I}.weight`);return{weight:l(...A),bias:l(...v.map(I=>`${I}.bias`)),lowRank:t.lora?.of(u(A),n.has(te),o)}},p=v=>({weight:l(`${v}.weight`),bias:l(`${v}.bias`)}),h=r.shape[0],g=ye(i)+(i.kind==="clip"?1:0),m=i.kind==="clip"?Rk(e,r,l,i.layer_norm_eps):Lk(e,t,r,l),w=e.constant(ms(new Array(h).fill(g),h*g),[h*g,2]),_=new Map([[0,m]]);for(let v=0;v<nr(s);v++){let A=`encoder.layers.${v}`,I=m;m=e.checkpoint(()=>jh(e,I,w,{norm1:p(`${A}.layer_norm1`),qkv:d(...["q","k","v"].map(M=>`${A}.self_attn.${M}_proj`)),out:d(`${A}.self_attn.out_proj`),norm2:p(`${A}.layer_norm2`),fc1:d(`${A}.mlp.fc1`),fc2:d(`${A}.mlp.fc2`)},{heads:i.num_attention_heads,eps:i.layer_norm_eps,activation:i.hidden_act})),a.includes(v+1)&&_.set(v+1,m)}if(s.post_norm){let{weight:v,bias:A}=p("post_layernorm");m=Hr(e,m,v,A,i.layer_norm_eps),_.set(nr(s),m)}let y=a.map(v=>_.get(v)),E=s.drop_first?y.map(v=>Pk(e,v,h,g)):y,x=Bk(e,E);return s.connector.kind==="mlp"?x:jk(e,x,h,s.connector.scale)}function Rk(e,t,r,n){let o=ja(e,t,r("embeddings.patch_embedding.weight")),s=Op(e,o,r("embeddings.class_embedding"),r("embeddings.position_embedding.weight"));return Hr(e,s,r("pre_layrnorm.weight"),r("pre_layrnorm.bias"),n)}function Lk(e,t,r,n){let{vision_config:o,connector:s}=t.config,i=ye(o),a=r.shape[0],c=s.kind==="mlp"?Int32Array.from({length:i},(h,g)=>g):ch(Math.sqrt(i)),u=new Int32Array(a*i);for(let h=0;h<a;h++)u.set(c,h*i);let f=$s(u,{imageId:-1,rows:u.length,features:1,used:0}),l=Object.fromEntries(Object.entries(f).map(([h,g])=>[h,e.constant(g,h==="held"?[u.length,3]:void 0)])),d=e.constant(new Float32Array(o.hidden_size),[1,o.hidden_size]),p=xs(e,n("embeddings.position_embedding.weight"),d,l);return ja(e,r,n("embeddings.patch_embedding.weight"),{bias:n("embeddings.patch_embedding.bias"),residual:p})}function Pk(e,t,r,n){let o=n-1,s=Int32Array.from({length:r*o},(i,a)=>a+Math.floor(a/o)+1);return jt(e,t,e.constant(s),e.constant(cc(s,r*n)))}function Bk(e,t){let[r]=t;if(t.length===1)return r;let[n=0,o=0]=r.shape,s=t.length;return t.map((a,c)=>{let u=new Int32Array(n*s).fill(-1);for(let f=0;f<n;f++)u[f*s+c]=f;return jt(e,a,e.constant(u),e.constant(cc(u,n)))}).reduce((a,c)=>zh(e,a,c)).view([n,o*s])}function jk(e,t,r,n){let[o=0,s=0]=t.shape,i=uh(r,Math.sqrt(o/r),n);return jt(e,t,e.constant(i),e.constant(cc(i,o))).view([o/n**2,s*n**2])}function cc(e,t){let r=new Int32Array(t).fill(-1);return e.forEach((n,o)=>{n>=0&&(r[n]=o)}),r}var Vh=`// SwiGLU's gradient: d gate = dy\xB7up\xB7silu'(gate), d up = dy\xB7silu(gate), side by side as in swiglu.wgsl.
// One invocation an element T of dy: four values where the width is a multiple of 4.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<X>;  // [rows, 2\xB7width]
@group(0) @binding(1) var<storage, read_write> dy: array<T>; // [rows, width]
@group(0) @binding(2) var<storage, read_write> dx: array<T>; // [rows, 2\xB7width]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn swiglu_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.rows * p.width) { return; }
  let at = (i / p.width) * 2u * p.width + i % p.width;
  let gate = T(x[at]);
  let up = T(x[at + p.width]);
  let s = 1.0 / (1.0 + exp(-gate));
  let g = dy[i];
  dx[at] = g * up * s * (1.0 + gate * (1.0 - s));
  dx[at + p.width] = g * gate * s;
}
`;var Hh=`// SwiGLU: y = silu(gate)\xB7up, with gate and up side by side in one tensor [rows, 2\xB7width].
// One invocation an element T of y: four values where the width is a multiple of 4.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<X>; // [rows, 2\xB7width]
@group(0) @binding(1) var<storage, read_write> y: array<Y>; // [rows, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn swiglu(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.rows * p.width) { return; }
  let at = (i / p.width) * 2u * p.width + i % p.width;
  let gate = T(x[at]);
  let up = T(x[at + p.width]);
  let s = 1.0 / (1.0 + exp(-gate));
  y[i] = Y(gate * s * up);
}
`;function Xh(e,t,r){return{name:e,wgsl:t,constants:({width:n})=>({VECTOR:+(n%4===0)}),bindings:()=>r,f16:["x","y"],params:({rows:n,width:o})=>[n,o/Jh(o)],workgroup:()=>64,groups:({rows:n,width:o},s)=>R(n*o/Jh(o),s)}}var Dk=Xh("swiglu",Hh,["x","y"]),Wk=Xh("swiglu_backward",Vh,["x","dy","dx"]);function Jh(e){return e%4===0?4:1}function Yh(e,t){let[r,n]=Se(t);if(n%2!==0)throw new Error(`swiglu: the last size must be even, found shape [${t.shape}]`);let o=n/2,s=e.result([...t.shape.slice(0,-1),o],"swiglu");return e.dispatch(Dk,{rows:r,width:o},[t,s]),e.needsGrad(t)&&e.differentiable(s,i=>{e.assign(t,a=>e.dispatch(Wk,{rows:r,width:o},[t,i,a]))}),s}function Qh(e,t,r,n,o,s,i){let{heads:a,groups:c,eps:u}=s,f=Kn(e,t,o.inputNorm,u),l=(m,{weight:w,..._},y)=>Rt(e,m,w,{..._,residual:y}),d=Cp(e,l(f,o.qkv),r,n,a+2*c,a+c),p=l(i(d),o.out,t),h=Kn(e,p,o.mlpNorm,u),g=Yh(e,l(h,o.gateUp));return l(g,o.down,p)}function ks(e,{lora:t,trainable:r}){let n=t&&fh(e,t.choose),o=[...n?.sites.keys()??[]],s=new Set(e.flatMap(c=>{let u=new Set(c.bundles.flat().map(({name:f})=>f));return o.some(f=>u.has(f))?[c.name]:[]})),a=[...r??e.map(({name:c})=>c)].filter(c=>!s.has(c));return{plan:n,addedTo:s,modules:n?[...e,n.module]:[...e],trainable:n?[...a,te]:a}}var Jr=class e{gpu;config;parameters;source;lora;addedTo;#e;constructor(t,r,n={}){this.gpu=t,this.config=r;let{lora:o,storage:s}=n,{plan:i,addedTo:a,modules:c,trainable:u}=ks(Pt(r),n);this.addedTo=a,this.parameters=new Fn(t,c,{storage:s,trainable:u}),this.lora=i&&new ws(this.parameters,i,o);let{max_position_embeddings:f,head_dim:l,rope_theta:d,rope_scaling:p}=r.text_config;this.#e=G.of(t,[f,2,l/2],Rp(f,l,d,p))}static create(t,r,n,o={}){let s=new e(t,r,o),i=Fn.initial(s.parameters,s.layout,new J(n));return s.parameters.values.write(t,i),s}get layout(){return[...Pt(this.config),...this.lora?[this.lora.plan.module]:[]]}runsVision(t){return t.has("vision")||t.has(te)&&this.addedTo.has("vision")}get imageId(){return this.config.image_token_id}get vocabulary(){return this.config.text_config.vocab_size}get maxPositions(){return this.config.text_config.max_position_embeddings}get layers(){return this.config.text_config.num_hidden_layers}get width(){return this.config.text_config.hidden_size}get pixelShape(){let{num_channels:t,image_size:r}=this.config.vision_config;return[t,r,r]}get imageTokens(){return rr(this.config)}get imageSize(){return this.config.vision_config.image_size}get featureWidth(){return Dr(this.config)}get paddingId(){return this.config.text_config.padding}get names(){return ve(this.config).names}get heads(){let{num_attention_heads:t,num_key_value_heads:r,head_dim:n}=this.config.text_config;return{heads:t,groups:r,headSize:n}}vision(t,r,n,o){return Gh(t,this,r,n,o)}project(t,r,n,o){let{connector:s}=this.config,i=l=>`${this.names.projector}.${l}`,a=l=>this.parameters.tensor([i(l)],n.has("projector")),c=(l,d,p={})=>Rt(t,l,a(`${d}.weight`),{...p,lowRank:this.lora?.of([i(`${d}.weight`)],n.has(te),o)});if(s.kind==="pixel-shuffle")return c(r,"modality_projection.proj");let u=l=>s.bias?a(`${l}.bias`):void 0,f=c(r,"linear_1",{bias:u("linear_1"),activation:s.activation});return c(f,"linear_2",{bias:u("linear_2")})}embed(t,r,n,o){let s=[`${this.names.language}.embed_tokens.weight`],i=this.parameters.tensor(s,o.has("language"));return xs(t,i,r,n)}decode(t,r,n,o,s,i){let a=s.has("language"),{num_hidden_layers:c,rms_norm_eps:u,attention_bias:f,mlp_bias:l}=this.config.text_config;for(let d=0;d<c;d++){let p=(w,_)=>_.map(y=>`${this.names.language}.layers.${d}.${y}.${w}`),h=(w,..._)=>this.parameters.tensor(p(w,_),a),g=(w,..._)=>({weight:h("weight",..._),bias:w?h("bias",..._):void 0,lowRank:this.lora?.of(p("weight",_),s.has(te),i)}),m=r;r=t.checkpoint(()=>Qh(t,m,n,this.#e,{inputNorm:h("weight","input_layernorm"),qkv:g(f!=="none","self_attn.q_proj","self_attn.k_proj","self_attn.v_proj"),out:g(f==="all","self_attn.o_proj"),mlpNorm:h("weight","post_attention_layernorm"),gateUp:g(l,"mlp.gate_proj","mlp.up_proj"),down:g(l,"mlp.down_proj")},{...this.heads,eps:u},w=>o(d,w)))}return r}finish(t,r,n){let o=this.parameters.tensor([`${this.names.language}.norm.weight`],n.has("language"));return Kn(t,r,o,this.config.text_config.rms_norm_eps)}head(t){let r=this.config.text_config.tie_word_embeddings?`${this.names.language}.embed_tokens.weight`:this.names.head;return this.parameters.tensor([r],t.has("language"))}destroy(){this.parameters.destroy(),this.#e.destroy(this.gpu)}};function Es(e,t,r){return(n,o)=>vs(e,o,t,r,!0)}var Ss=class{#e;#t;#r;#n;#o;#i;constructor(t,{tensor:r}){this.#e=t,this.#t=r.slot.buffer,this.#o=r.slot.offset+r.offset,this.#n=r.dtype==="f16",this.#r={count:r.size}}add(t){if(t instanceof Uint16Array!==this.#n||t.length>this.#r.count)throw new Error(`expected at most ${this.#r.count} values of the bundle's type`);if(this.#r.count-=t.length,!this.#n||t instanceof Float32Array)return this.#s(t);let r=t;if(this.#i!==void 0&&(r=new Uint16Array(t.length+1),r[0]=this.#i,r.set(t,1),this.#i=void 0),r.length%2===1)if(this.#r.count>0)this.#i=r.at(-1),r=r.subarray(0,-1);else{let n=new Uint16Array(r.length+1);n.set(r),r=n}this.#s(r)}#s(t){t.length!==0&&(this.#e.device.queue.writeBuffer(this.#t,this.#o,t),this.#o+=t.byteLength)}};function ir(e,t=", "){let r=e.length-20;return e.slice(0,20).join(t)+(r>0?`${t}and ${r} more`:"")}var Uk=/(^|\.)(position_ids|inv_freq|masked_bias|num_batches_tracked|original_inv_freq)$/,Fk=32<<20;function Zh({config:e,parameters:t},r){let{plainName:n,names:o}=ve(e),s=new Map(t.bundles.flatMap(({module:p,places:h})=>p===te?[]:h.map(g=>[g.name,g]))),i=new Map([...s.keys()].map(p=>[n(p),p])),a={tensors:new Map,tiedHead:void 0},c=[],u=[];for(let p of r.values()){let h=n(p.name),g=i.get(h);if(g===void 0){h===o.head&&!a.tiedHead?a.tiedHead=p:Uk.test(p.name)||u.push(p.name);continue}let m=a.tensors.get(g);m&&c.push(`${p.name} and ${m.name} are the same parameter`),a.tensors.set(g,p)}let f=`${o.language}.embed_tokens.weight`;a.tiedHead&&e.text_config.tie_word_embeddings&&!a.tensors.has(f)&&(a.tensors.set(f,a.tiedHead),a.tiedHead=void 0);for(let[p,h]of a.tensors){let{shape:g}=s.get(p);h.shape.join()!==g.join()&&c.push(`${h.name}: expected shape [${g}] by config.json, found [${h.shape}]`)}let l=[...s.keys()].filter(p=>!a.tensors.has(p)),d=[...c.length>0?[ir(c,"; ")]:[],...l.length>0?[`missing: ${ir(l)}`]:[],...u.length>0?[`unknown to a model of this config.json: ${ir(u)}`]:[]];if(d.length>0)throw new b(`checkpoint: ${d.join("; ")}`);return a}async function em({gpu:e,parameters:t,names:r},n){let o=[],s=0,i=async u=>{s+=u,!(s<Fk)&&(s=0,await e.settle())};for(let u of t.bundles){if(u.module===te&&!n.adapter)continue;let f=new Ss(e,u);for(let l of u.places){let d=await Gk(Kk(n,l.name),u,f,i);d&&o.push(d)}}if(await e.settle(),o.length>0)throw new b(`checkpoint: ${ir(o,"; ")}`);let{tiedHead:a}=n,c=n.tensors.get(`${r.language}.embed_tokens.weight`);if(a&&!await Hk(a,c))throw new b(`checkpoint: config.json ties the head to the embeddings, but ${a.name} and ${c.name} hold different values; set tie_word_embeddings to false, or take the head out`)}function Kk({tensors:e,adapter:t},r){return t?.get(r)??e.get(r)}async function Gk(e,{tensor:{dtype:t}},r,n){let o=0,s=0;for await(let i of Or(e)){let a=Mo(i,e.dtype);o+=Bl(a),t==="f16"?(e.dtype!=="F16"&&(s=Math.max(s,Tn(a))),r.add(Vk(e.dtype==="F16"?i:new Float16Array(a)))):r.add(a),await n(a.byteLength)}if(o>0)return`${e.name}: ${o} of ${de(e.shape)} values are NaN or infinite`;if(s>=65520)return`${e.name}: its largest value is ${s}, f16 ends at 65,504; hold it in f32 (--storage f32)`}function Vk({buffer:e,byteOffset:t,byteLength:r}){return new Uint16Array(e,t,r/2)}async function Hk(e,t){if(e.shape.join()!==t.shape.join()||e.dtype!==t.dtype)return!1;let r=Or(t);for await(let n of Or(e)){let{value:o}=await r.next();if(!o||!Jk(n,o))return!1}return!0}function Jk(e,t){if(e.length!==t.length)return!1;for(let r=0;r<e.length;r++)if(e[r]!==t[r])return!1;return!0}var As="adapter_config.json",Gn="adapter_model.safetensors",Xk="auto_mapping corda_config ensure_weight_tying eva_config exclude_modules inference_mode layers_pattern layers_to_transform loftq_config lora_ga_config megatron_config megatron_core modules_to_save peft_version qalora_group_size revision runtime_config target_modules task_type velora_config".split(/\s+/),Yk=/^(pissa|corda|olora|loftq)/i;function Qk(e){let t=new Ae(e,"",As);t.word("peft_type",["LORA"],"LORA"),t.only("bias","none");let r=t.get("init_lora_weights");if(typeof r=="string"&&Yk.test(r))throw t.error(`init_lora_weights must leave the base as it is, found ${JSON.stringify(r)}, which takes from the base what A and B start with. Save the adapter by PEFT with path_initial_model_for_weight_conversion, which makes it one of the base itself`);let n=t.get("base_model_name_or_path");if(n!==void 0&&typeof n!="string")throw t.error("base_model_name_or_path must be a name or a path");let o={base:n,rank:t.whole("r",8),alpha:t.number("lora_alpha",8),rankPattern:tm(t,"rank_pattern",s=>Number.isInteger(s)&&s>0),alphaPattern:tm(t,"alpha_pattern",Number.isFinite),scaling:t.flag("use_rslora",!1)?"rs":"standard",dropout:t.number("lora_dropout",0)};if(!(o.dropout>=0&&o.dropout<1))throw t.error(`lora_dropout must be a share from 0 to below 1, found ${o.dropout}`);return t.done(Xk),o}function tm(e,t,r){let n=e.get(t)??{};if(typeof n!="object"||Array.isArray(n))throw e.error(`${t} must be an object`);let o=Object.entries(n);for(let[s,i]of o){if(!/^[\w.]+$/.test(s))throw e.error(`${t}: expected ends of layers' names, found the pattern ${JSON.stringify(s).slice(0,100)}; write the names out`);if(typeof i!="number"||!r(i))throw e.error(`${t}: expected a number for ${s}, found ${JSON.stringify(i)?.slice(0,100)}`)}return Object.fromEntries(o)}function uc(e,t,r){let n=Object.keys(e).find(o=>t===o||t.endsWith(`.${o}`));return n===void 0?r:e[n]}function rm(e,t,r){return JSON.stringify({alpha_pattern:e.alphaPattern,base_model_name_or_path:e.base??null,bias:"none",fan_in_fan_out:!1,inference_mode:!0,init_lora_weights:!0,lora_alpha:e.alpha,lora_dropout:e.dropout,modules_to_save:r.length===0?null:r,peft_type:"LORA",r:e.rank,rank_pattern:e.rankPattern,target_modules:t,task_type:null,use_dora:!1,use_rslora:e.scaling==="rs"},null,2)+`
`}function nm(e){let t;try{t=JSON.parse(e)}catch(r){throw new b(`${As}: expected JSON (${r.message.slice(0,200)})`)}return Qk(t)}function om({rank:e,alpha:t,scaling:r}){return t/(r==="rs"?Math.sqrt(e):e)}function sm(e,t,r){let{plainName:n}=ve(r),o=new Map(Pt(r).flatMap(({bundles:f})=>f.flat()).map(f=>[f.name,f])),s=new Map([...o.keys()].map(f=>[n(f),f])),i=new Map,a=new Map,c=[];for(let f of e.values()){let l=f.name.replace(/^base_model\.model\./,"").replace(/\.modules_to_save(\.\w+)?\./,"."),d=l.match(/^(.*)\.lora_([AB])(?:\.\w+)?\.weight$/),p=s.get(n(d?`${d[1]}.weight`:l));if(p===void 0||d&&o.get(p).linear!==!0){c.push(`${f.name} belongs to no ${d?"linear layer":"parameter"} of the model`);continue}let h=d?`${ht(p)}.lora_${d[2]}.weight`:p;if(a.has(h)&&c.push(`${f.name} is there twice`),a.set(h,f),d){let g=i.get(p)??{layer:d[1]};i.set(p,{...g,[d[2]==="A"?"a":"b"]:f})}else f.shape.join()!==o.get(p).shape.join()&&c.push(`${f.name}: expected shape [${o.get(p).shape}], found [${f.shape}]`)}let u=new Map;for(let[f,{layer:l,a:d,b:p}]of i){if(!d||!p){c.push(`${l}: expected lora_A and lora_B, found lora_${d?"A":"B"} alone`);continue}let h=uc(t.rankPattern,l,t.rank),g=uc(t.alphaPattern,l,t.alpha),[m,w]=o.get(f).shape;for(let[_,y]of[[d,[h,w]],[p,[m,h]]])_.shape.join()!==y.join()&&c.push(`${_.name}: expected shape [${y}] by model and rank, found [${_.shape}]`);u.set(f,{rank:h,scale:om({rank:h,alpha:g,scaling:t.scaling})})}if(c.length>0)throw new b(`${Gn}: ${ir(c,"; ")}`);if(u.size===0)throw new b(`${Gn}: expected lora_A and lora_B, found none`);return{ranks:u,tensors:a}}async function*Vn(e){yield await Promise.resolve(e)}function im(e){let t={__metadata__:{format:"pt"}},r=0;for(let{name:i,dtype:a,shape:c,bytes:u}of e)t[i]={dtype:a,shape:c,data_offsets:[r,r+=u]};let n=JSON.stringify(t);n+=" ".repeat((8-new TextEncoder().encode(n).length%8)%8);let o=new TextEncoder().encode(n),s=new Uint8Array(Qe+o.length);return new DataView(s.buffer).setBigUint64(0,BigInt(o.length),!0),s.set(o,Qe),s}var am=16<<20;async function lc(e,t,r={}){let n=e1(e,r);await t.write("config.json",Vn(new TextEncoder().encode(t1(e,n))));let o=r1(n,r.shardBytes??5e9),s=o.map((c,u)=>o.length===1?Tr:`model-${`${u+1}`.padStart(5,"0")}-of-${`${o.length}`.padStart(5,"0")}.safetensors`);for(let[c,u]of o.entries())await t.write(s[c],fc(e.gpu,u));if(o.length===1)return;let i=Object.fromEntries(o.flatMap((c,u)=>c.map(({name:f})=>[f,s[u]]))),a=n.reduce((c,{bytes:u})=>c+u,0);await t.write(Ze,Vn(Zk({metadata:{total_size:a},weight_map:i})))}function Zk(e){return new TextEncoder().encode(JSON.stringify(e,null,2)+`
`)}function e1({parameters:e,source:t,names:r,lora:n},{dtype:o="f32"}){let s=[];for(let a of e.bundles)if(a.module!==te)for(let c of a.places){let u=t?.tensors.get(c.name),f=u&&u.dtype in Vi?u.dtype:"F32",l=t?.adapter?.has(c.name)||n?.plan.sites.has(c.name),d=e.trainable.has(a.module)||l,p=d&&o==="f32"?"F32":f,h=f==="F64"?!1:a.tensor.dtype==="f32"||f==="F16",g=!d&&!h?u:void 0,{shape:m}=c,w=de(m)*Ye.get(p);s.push({name:u?.name??c.name,dtype:p,shape:m,bytes:w,bundle:a,place:c,copied:g})}let i=s.find(({place:a})=>a.name===`${r.language}.embed_tokens.weight`);return t?.tiedHead&&i&&s.push({...i,name:t.tiedHead.name}),s.sort((a,c)=>Ye.get(c.dtype)-Ye.get(a.dtype))}function t1({config:e,source:t},r){let n=new Set(r.map(({dtype:c})=>c)),[o]=n,s=Vi[n.size===1?o:n.has("F64")?"F64":"F32"],a=(t?.config??JSON.stringify(e.json,null,2)+`
`).replace(/("(?:torch_)?dtype"\s*:\s*)"\w*"/g,`$1"${s}"`);return n.size===1||"dtype"in e.json||"torch_dtype"in e.json?a:a.replace("{",`{
  "dtype": "${s}",`)}function r1(e,t){let r=[[]],n=0;for(let o of e)n>0&&n+o.bytes>t&&(r.push([]),n=0),r.at(-1).push(o),n+=o.bytes;return r}async function*fc(e,t){yield im(t);for(let r of t){if(r.copied){yield*Or(r.copied);continue}for await(let n of n1(e,r)){if(r.dtype==="F16"&&Tn(n)>=65520)throw new ee(`${r.name}: its largest value, ${Tn(n)}, is beyond the base's f16; save it with --save-dtype f32`);yield Pl(n,r.dtype)}}}async function*n1(e,{bundle:{tensor:t,places:r},place:n}){let o=t.dtype==="f16",s=o?2:4,i=t.slot.offset+t.offset+(n.offset-r[0].offset)*s;for(let a=0;a<n.size*s;a+=am){let c=i+a,u=Math.min(am,n.size*s-a),f=c%4,l=await e.read(t.slot.buffer,c-f,u+f);yield o?new Float32Array(new Float16Array(l,f,u/s)):new Float32Array(l,0,u/s)}}async function cm(e,t,r,{adapter:n,...o}={}){let s=Lt(typeof t=="string"?i1(t):t),i=await Yi(r),a=n&&await o1(n,s),c=a&&{...a.lora,...o.lora&&s1(o.lora)},u=new Jr(e,s,{...o,...c&&{lora:c}});try{return u.source={...Zh(u,i),config:typeof t=="string"?t:void 0,adapter:a?.tensors},await em(u,u.source),a||u.lora?.start(),u}catch(f){throw u.destroy(),f}}async function o1({config:e,weights:t},r){let n=nm(e),{ranks:o,tensors:s}=sm(await Yi([t]),n,r),{dropout:i,scaling:a}=n;return{lora:{choose:u=>o.get(u),dropout:i,seed:0,scaling:a},tensors:s}}function s1({dropout:e,seed:t}){return{dropout:e,seed:t}}function i1(e){try{return JSON.parse(e)}catch(t){throw new b(`config.json: expected JSON (${t.message.slice(0,200)})`)}}var a1=64,c1=16384,u1=3;function Os(e){return Math.max(1,Math.min(a1,Math.floor(c1/e)))}function um(e,t){let r=new me(e.gpu);return lm(r,e,Math.min(Os(ye(e.config.vision_config)+1),t)),r.need()}function lm(e,t,r){let n=e.input("pixels",[r,...t.pixelShape]);return e.output(e.noGrad(()=>t.vision(e,n,new Set)))}async function fm(e,t){let{pixelShape:r,imageTokens:n,featureWidth:o,gpu:s}=e,i=de(r),a=[],c=Math.min(Os(ye(e.config.vision_config)+1),t.length);if(c===0)return a;let u=new me(s),f=lm(u,e,c),l=u.compile(),d=n*o,p=[],h=async()=>{let{count:g,values:m}=p.shift(),w=await m;for(let _=0;_<g;_++)a.push(w.slice(_*d,(_+1)*d))};try{for(let g=0;g<t.length;g+=c){let m=t.slice(g,g+c),w=new Float32Array(c*i);m.forEach((_,y)=>{if(_.length!==i)throw new Error(`expected ${i} pixel values an image, found ${_.length}`);w.set(_,y*i)}),l.upload({pixels:w}),l.run(),p.push({count:m.length,values:f.read(s)}),p.length>=u1&&await h()}for(;p.length>0;)await h()}finally{await Promise.allSettled(p.map(({values:g})=>g)),l.destroy()}return a}var dm=65535;function Ts(e,t,r,n){let{ids:o,images:s}=t,{vocabulary:i,maxPositions:a,imageTokens:c,imageId:u,gpu:f}=e,l=w=>new b(`${n}: ${w}`);if(o.length===0)throw l("expected at least one token, found none");if(o.length>a)throw l(`${o.length} tokens are over the model's ${a} positions; shorten it`);let{heads:d,groups:p}=e.heads,h=2*o.length*d/p;if(Te(f)==="cpu"&&h>dm)throw l(`${o.length} tokens make attention loop ${h} times, and drivers that run on the CPU may cut loops at ${dm} in silence; shorten it, or use a graphics card`);let g=0;for(let w of o)if(w===u)g++;else if(w<0||w>=i)throw l(`token ${w} is not in the vocabulary of ${i}`);if(g!==s.length*c)throw l(`expected ${c} image placeholders for each of ${s.length} images, found ${g}`);let m=s.find(w=>w.length!==r);if(m)throw l(`expected ${r} values an image, found ${m.length}`)}var l1=32;function Ms(e){let t=e.reduce((n,{ids:o})=>n+o.length,0),r=e.reduce((n,o)=>n+o.images.length,0);return{rows:Xr(t),images:Math.max(1,r)}}function Xr(e){let t=Math.max(l1,2**Math.floor(Math.log2(Math.max(1,e))-3));return Math.max(t,Math.ceil(e/t)*t)}function Ns(e,{rows:t,images:r},n){return{index:{ids:e.input("ids",[t],"i32"),image:e.input("image",[t],"i32"),place:e.input("place",[r*n],"i32"),held:e.input("held",[t,3],"i32"),rows:e.input("rows",[t],"i32")},positions:e.input("positions",[t],"i32"),span:e.input("span",[t,2],"i32")}}function Cs(e,{rows:t,images:r},{imageTokens:n,imageId:o,paddingId:s}){let i=new Int32Array(e.reduce((f,{ids:l})=>f+l.length,0)),a=new Int32Array(t),c=0;for(let{ids:f}of e){i.set(f,c);for(let l=0;l<f.length;l++)a[c+l]=l;c+=f.length}let u=e.reduce((f,l)=>f+l.images.length,0)*n;return{...$s(i,{imageId:o,rows:t,features:r*n,used:u,padding:s}),positions:a,span:ms(e.map(({ids:f})=>f.length),t)}}function Is(e,t,r){let n=new Float32Array(t*r),o=0;for(let s of e.flatMap(i=>i.images)){if(s.length!==r)throw new Error(`expected ${r} values an image, found ${s.length}`);n.set(s,r*o++)}return n}var pm=`// The end of a generation step: each row takes its next token and moves on by one place.
//
// Greedy: the best of the parts that best_tokens.wgsl left, the first of equals; with CHOSEN the token that the host put
// into \`token\`. A row is done once it has taken a token of \`stops\`, or the most it may; then it keeps its last token and
// stays where it is. state [rows, 2]: tokens taken, done. An invocation a row.

struct Params { rows: u32, most: u32, stops: u32, parts: u32, words: u32 }

@group(0) @binding(0) var<storage, read_write> token: array<i32>;     // [rows] the token taken
@group(0) @binding(1) var<storage, read_write> position: array<i32>;  // [rows] += 1
@group(0) @binding(2) var<storage, read_write> place: array<i32>;     // [rows] += 1: where its key goes
@group(0) @binding(3) var<storage, read_write> state: array<i32>;
@group(0) @binding(4) var<storage, read_write> output: array<i32>;    // [rows, most]
@group(0) @binding(5) var<storage, read_write> stops: array<i32>;     // [stops]
//#if CHOSEN
@group(0) @binding(6) var<uniform> p: Params;
//#elif PENALTY
@group(0) @binding(6) var<storage, read_write> best: array<vec2u>;    // [rows, parts] the logit's bits, the token
@group(0) @binding(7) var<storage, read_write> seen: array<u32>;      // [rows, words] a bit a token
@group(0) @binding(8) var<uniform> p: Params;
//#else
@group(0) @binding(6) var<storage, read_write> best: array<vec2u>;
@group(0) @binding(7) var<uniform> p: Params;
//#end CHOSEN

@compute @workgroup_size(\${WORKGROUP})
fn advance(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= p.rows) { return; }
  let taken = u32(state[2u * row]);
  if (state[2u * row + 1u] != 0 || taken >= p.most) { return; }
  //#if CHOSEN
  let next = token[row];
  //#else
  var chosen = best[row * p.parts].y;
  var most = bitcast<f32>(best[row * p.parts].x);
  for (var k = 1u; k < p.parts; k++) {
    let part = best[row * p.parts + k];
    let value = bitcast<f32>(part.x);
    if (value > most || (value == most && part.y < chosen)) {
      most = value;
      chosen = part.y;
    }
  }
  let next = i32(chosen);
  token[row] = next;
  //#end CHOSEN
  //#if PENALTY
  seen[row * p.words + chosen / 32u] |= 1u << (chosen % 32u);
  //#end PENALTY
  var done = taken + 1u >= p.most;
  for (var k = 0u; k < p.stops; k++) { done = done || next == stops[k]; }
  output[row * p.most + taken] = next;
  state[2u * row] = i32(taken + 1u);
  state[2u * row + 1u] = select(0, 1, done);
  position[row] += 1;
  place[row] += 1;
}
`;var hm=`// The largest logit of each part of a row, the first of equals: part k has entries 4\xB7k \u2026 4\xB7k + 3 of every 4\xB7parts.
//
// With PENALTY the logits of tokens that the row has seen are first divided by the penalty, or multiplied where they
// are negative (Keskar et al. 2019). An invocation a part; advance.wgsl takes the best of the parts.

//#include spread

struct Params { rows: u32, vocab: u32, parts: u32, penalty: f32, words: u32 }

@group(0) @binding(0) var<storage, read_write> z: array<f32>;       // [rows, vocab]
@group(0) @binding(1) var<storage, read_write> best: array<vec2u>;  // [rows, parts] the logit's bits, the token
//#if PENALTY
@group(0) @binding(2) var<storage, read_write> seen: array<u32>;    // [rows, words] a bit a token
@group(0) @binding(3) var<uniform> p: Params;
//#else
@group(0) @binding(2) var<uniform> p: Params;
//#end PENALTY

fn logit(row: u32, token: u32) -> f32 {
  let value = z[row * p.vocab + token];
  //#if PENALTY
  if (((seen[row * p.words + token / 32u] >> (token % 32u)) & 1u) == 0u) { return value; }
  return select(value / p.penalty, value * p.penalty, value < 0.0);
  //#else
  return value;
  //#end PENALTY
}

@compute @workgroup_size(\${WORKGROUP})
fn best_tokens(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.parts;
  if (row >= p.rows) { return; }
  let first = 4u * (i % p.parts);
  var chosen = min(first, p.vocab - 1u);
  var most = logit(row, chosen);
  for (var at = first; at < p.vocab; at += 4u * p.parts) {
    //#repeat j 4
    let token\${j} = min(at + \${j}u, p.vocab - 1u);
    let value\${j} = logit(row, token\${j});
    if (value\${j} > most) {
      most = value\${j};
      chosen = token\${j};
    }
    //#end j
  }
  best[i] = vec2u(bitcast<u32>(most), chosen);
}
`;var p1={name:"best_tokens",wgsl:hm,constants:({penalty:e})=>({PENALTY:+(e!==1)}),bindings:({penalty:e})=>["z","best",...e===1?[]:["seen"]],params:({rows:e,vocab:t,parts:r,penalty:n})=>[e,t,r,H(n),Hn(t)],groups:({rows:e,parts:t},r)=>R(e*t,r)},mm={name:"advance",wgsl:pm,constants:({chosen:e,penalty:t})=>({CHOSEN:Number(e),PENALTY:Number(t)}),bindings:({chosen:e,penalty:t})=>["token","position","place","state","output","stops",...e?[]:["best"],...t?["seen"]:[]],params:({rows:e,vocab:t,most:r,stops:n,parts:o})=>[e,r,n,o,Hn(t)],groups:({rows:e},t)=>[Math.ceil(e/t),1,1]};function Hn(e){return Math.ceil(e/32)}var h1={cpu:16,gpu:256},m1=65535;function dc(e,t,r,n){let[o=0,s=0]=t.output.shape,[i=0]=t.stops.shape,a=[t.token,t.position,t.place,t.state,t.output,t.stops];if(!r){let h={rows:o,vocab:0,most:s,stops:i,parts:0,chosen:!0,penalty:!1};e.dispatch(mm,h,a);return}j("advance","logits",r.shape,[o,-1]);let c=r.shape[1],u=n?.penalty??1,f=n&&u!==1?[n.seen]:[];for(let{shape:h}of f)j("advance","seen",h,[o,Hn(c)]);let l=Math.max(h1[Te(e.gpu)],Math.ceil(c/(4*m1))),d=e.empty([o,l,2],"best tokens","i32");e.dispatch(p1,{rows:o,vocab:c,parts:l,penalty:u},[r,d,...f]);let p={rows:o,vocab:c,most:s,stops:i,parts:l,chosen:!1,penalty:u!==1};e.dispatch(mm,p,[...a,d,...f])}var gm=`// Key-value cache: copies the keys and values of each row of qkv [rows, skip + width] into row place[row] of the
// cache [places, width]; a negative place is padding. skip: the queries. An invocation an element of the cache row.

//#include spread

struct Params { rows: u32, skip: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<f32>;
@group(0) @binding(1) var<storage, read_write> place: array<i32>;
@group(0) @binding(2) var<storage, read_write> kept: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn cache(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  if (row >= p.rows || place[row] < 0) { return; }
  kept[u32(place[row]) * p.width + i % p.width] = qkv[row * (p.skip + p.width) + p.skip + i % p.width];
}
`;var w1={name:"cache",wgsl:gm,constants:()=>({}),bindings:()=>["qkv","place","kept"],params:({rows:e,skip:t,width:r})=>[e,t,r],workgroup:()=>64,groups:({rows:e,width:t},r)=>R(e*t,r)};function Jn({groups:e,headSize:t}){return 2*e*Vr(t)}function pc(e,t,r,n,o){let{heads:s,groups:i,headSize:a}=o,c=Vr(a),[u=0]=t.shape,f=Jn(o);j("cache","qkv",t.shape,[u,(s+2*i)*a]),j("cache","cache",n.shape,[-1,f]),j("cache","place",r.shape,[u]);let l=c===a?t:Bt(e,t,a,c);e.dispatch(w1,{rows:u,skip:s*c,width:f},[l,r,n])}var wm=`// Attention of new rows over the cached keys and values of their sequences (forward only).
//
// Row r's sequence begins at cache row place[r] \u2212 position[r], and place[r] is the last that it sees: its own. Negative
// places are padding. o = softmax(q\xB7K\u1D40\xB7scale)\xB7V by running maximum. An invocation takes HEADS heads that share keys,
// so that each key and value is loaded once for all of them.
//
// With SPLIT a sequence is dealt to p.splits invocations, row by row in turn; each leaves a part that is not divided by
// its sum yet, and cached_attention_join.wgsl puts the parts together. With BLOCK, which long caches have, so many rows
// are added up at a time.

//#include spread

struct Params { rows: u32, heads: u32, groups: u32, splits: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<vec4f>;     // [rows, (heads + 2\xB7groups)\xB7D]
@group(0) @binding(1) var<storage, read_write> kept: array<vec4f>;    // [places, 2\xB7groups\xB7D]
@group(0) @binding(2) var<storage, read_write> position: array<i32>;  // [rows]
@group(0) @binding(3) var<storage, read_write> place: array<i32>;     // [rows]
//#if SPLIT
@group(0) @binding(4) var<storage, read_write> parts: array<vec4f>;   // [rows\xB7heads, splits, D]
@group(0) @binding(5) var<storage, read_write> sums: array<vec2f>;    // [rows\xB7heads, splits] largest score, \u03A3 exp
@group(0) @binding(6) var<uniform> p: Params;
//#else
@group(0) @binding(4) var<storage, read_write> o: array<vec4f>;       // [rows, heads\xB7D]
@group(0) @binding(5) var<uniform> p: Params;
//#end SPLIT

//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn cached_attention(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let shared_by = p.heads / p.groups; // heads
  let tiles = (shared_by + \${HEADS - 1}u) / \${HEADS}u;
  let row = i / (p.splits * tiles * p.groups);
  if (row >= p.rows) { return; }
  let split = i % p.splits;
  let tile = i / p.splits % tiles;
  let group = i / (p.splits * tiles) % p.groups;
  //#repeat h HEADS
  let own\${h} = tile * \${HEADS}u + \${h}u < shared_by;
  let head\${h} = group * shared_by + min(tile * \${HEADS}u + \${h}u, shared_by - 1u);
  let query\${h} = (row * (p.heads + 2u * p.groups) + head\${h}) * \${D4}u;
  var most\${h} = -1e30;
  var sum\${h} = 0.0;
  //#if BLOCK
  var all_most\${h} = -1e30; // of the blocks before, their sums
  var all_sum\${h} = 0.0;
  //#end BLOCK
  //#repeat d D4
  let q\${h}_\${d} = qkv[query\${h} + \${d}u];
  var o\${h}_\${d} = vec4f();
  //#if BLOCK
  var all\${h}_\${d} = vec4f();
  //#end BLOCK
  //#end d
  //#end h
  let stride = 2u * p.groups * \${D4}u;
  let first = u32(max(place[row] - position[row], 0)) * stride + group * \${D4}u;
  let end = select(0u, u32(position[row] + 1), place[row] >= 0);
  //#if BLOCK
  for (var start = split; start < end; start += \${BLOCK}u * p.splits) {
  for (var r = start; r < min(start + \${BLOCK}u * p.splits, end); r += p.splits) {
  //#else
  for (var r = split; r < end; r += p.splits) {
  //#end BLOCK
    let key = first + r * stride;
    let value = key + p.groups * \${D4}u;
    //#repeat h HEADS
    var s\${h} = vec4f();
    //#end h
    //#repeat d D4
    let k\${d} = kept[key + \${d}u];
    //#repeat h HEADS
    s\${h} = fma(q\${h}_\${d}, k\${d}, s\${h});
    //#end h
    //#end d
    //#repeat h HEADS
    let score\${h} = lane_sum(s\${h}) * p.scale;
    let top\${h} = max(most\${h}, score\${h});
    let fade\${h} = exp(most\${h} - top\${h});
    let e\${h} = exp(score\${h} - top\${h});
    most\${h} = top\${h};
    sum\${h} = fma(sum\${h}, fade\${h}, e\${h});
    //#end h
    //#repeat d D4
    let v\${d} = kept[value + \${d}u];
    //#repeat h HEADS
    o\${h}_\${d} = fma(vec4f(e\${h}), v\${d}, o\${h}_\${d} * fade\${h});
    //#end h
    //#end d
  }
  //#if BLOCK
  //#repeat h HEADS
  let fade\${h} = exp(all_most\${h} - most\${h});
  all_most\${h} = most\${h};
  all_sum\${h} = fma(all_sum\${h}, fade\${h}, sum\${h});
  sum\${h} = 0.0;
  //#repeat d D4
  all\${h}_\${d} = fma(all\${h}_\${d}, vec4f(fade\${h}), o\${h}_\${d});
  o\${h}_\${d} = vec4f();
  //#end d
  //#end h
  }
  //#repeat h HEADS
  sum\${h} = all_sum\${h};
  //#repeat d D4
  o\${h}_\${d} = all\${h}_\${d};
  //#end d
  //#end h
  //#end BLOCK
  //#repeat h HEADS
  if (own\${h}) {
    let at\${h} = row * p.heads + head\${h};
    //#if SPLIT
    sums[at\${h} * p.splits + split] = vec2f(most\${h}, sum\${h});
    //#repeat d D4
    parts[(at\${h} * p.splits + split) * \${D4}u + \${d}u] = o\${h}_\${d};
    //#end d
    //#else
    let share\${h} = select(0.0, 1.0 / sum\${h}, sum\${h} > 0.0);
    //#repeat d D4
    o[at\${h} * \${D4}u + \${d}u] = o\${h}_\${d} * share\${h};
    //#end d
    //#end SPLIT
  }
  //#end h
}
`;var _m=`// Puts together what cached_attention.wgsl left in parts: o = \u03A3 e\u02E2\xB7part / \u03A3 e\u02E2\xB7sum, e\u02E2 = exp(largest of the part \u2212
// largest of all); 0 where there is nothing to attend to. An invocation four values of a row and head.

//#include spread

struct Params { count: u32, splits: u32 }

@group(0) @binding(0) var<storage, read_write> parts: array<vec4f>;  // [rows\xB7heads, splits, D]
@group(0) @binding(1) var<storage, read_write> sums: array<vec2f>;   // [rows\xB7heads, splits] largest score, \u03A3 exp
@group(0) @binding(2) var<storage, read_write> o: array<vec4f>;      // [rows\xB7heads, D]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn cached_attention_join(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  let first = i / \${D4}u * p.splits;
  let d = i % \${D4}u;
  var most = -1e30;
  for (var s = 0u; s < p.splits; s++) { most = max(most, sums[first + s].x); }
  var sum = 0.0;
  var total = vec4f();
  for (var s = 0u; s < p.splits; s++) {
    let part = sums[first + s];
    let e = exp(part.x - most);
    sum = fma(e, part.y, sum);
    total = fma(vec4f(e), parts[(first + s) * \${D4}u + d], total);
  }
  o[i] = total * select(0.0, 1.0 / sum, sum > 0.0);
}
`;var bm={name:"cached_attention",wgsl:wm,constants:({headSize:e,tile:t,splits:r,length:n})=>({D4:e/4,HEADS:t,SPLIT:+(r>1),...Gr(Math.ceil(n/r))}),bindings:({splits:e})=>["qkv","kept","position","place",...e>1?["parts","sums"]:["o"]],params:({rows:e,heads:t,groups:r,headSize:n,splits:o,scale:s=1/Math.sqrt(n)})=>[e,t,r,o,H(s)],groups:({rows:e,heads:t,groups:r,tile:n,splits:o},s)=>R(e*r*Math.ceil(t/r/n)*o,s)},y1={name:"cached_attention_join",wgsl:_m,constants:({headSize:e})=>({D4:e/4}),bindings:()=>["parts","sums","o"],params:({rows:e,heads:t,headSize:r,splits:n})=>[e*t*r/4,n],groups:({rows:e,heads:t,headSize:r},n)=>R(e*t*r/4,n)},v1=256,x1={cpu:{enough:64,splits:16},gpu:{enough:2048,splits:64}};function $1(e,t){let{rows:r,heads:n,groups:o,headSize:s}=e,i=n/o,a=t==="cpu"?Math.max(1,Math.floor(v1/s)):1,c=Math.ceil(i/a),{enough:u,splits:f}=x1[t];return{...e,tile:Math.ceil(i/c),splits:r*o*c>=u?1:f}}var ym=65400;function hc(e,t,r,n,o,s){let{heads:i,groups:a,headSize:c}=o,[u=0]=t.shape,[f=0]=r.shape;j("cached attention","qkv",t.shape,[u,(i+2*a)*c]),j("cached attention","cache",r.shape,[f,Jn(o)]),j("cached attention","position",n.position.shape,[u]),j("cached attention","place",n.place.shape,[u]);let l=Vr(c);if(l!==c){let d=Bt(e,t,c,l),p={...o,headSize:l,rows:u,length:s,scale:1/Math.sqrt(c)},h=vm(e,[d,r,n.position,n.place],p);return Bt(e,h,l,c).view([u,i*c])}return vm(e,[t,r,n.position,n.place],{...o,rows:u,length:s})}function vm(e,t,r){let{rows:n,heads:o,headSize:s,length:i}=r,a={...$1(r,Te(e.gpu)),...r},{splits:c}=a;if(Math.ceil(i/c)>ym)throw new Error(`cached attention: ${i} rows are over ${ym*c}; shorten the sequence`);let u=e.empty([n,o*s],"attention");if(c===1)return e.dispatch(bm,a,[...t,u]),u;let f=e.empty([n*o,c,s],"attention parts"),l=e.empty([n*o,c,2],"attention sums");return e.dispatch(bm,a,[...t,f,l]),e.dispatch(y1,a,[f,l,u]),u}var xm=`// Cross-entropy of logits [rows, vocab], in place: the logits are overwritten by their gradient.
//
//   nll[row] = log \u03A3 exp(z) \u2212 z[target],   z \u2190 weight[row]\xB7scale\xB7(softmax(z) \u2212 onehot(target))
//
// A row of target -1 (padding) gives nll 0 and gradient 0. scale is read from scalars[at]: the step's 1/\u03A3 weights.
// Where the vocabulary is large, a workgroup shares a row (SHARED): each invocation takes every WALK-th entry. Otherwise
// one invocation takes it whole; of a long one (BLOCK) so many entries are added up at a time. Three passes over the vocabulary, together under 65,535 trips an invocation.

//#include spread

struct Params { rows: u32, vocab: u32, first: u32, at: u32, gradient: u32 } // first: row of nll, target, weight

@group(0) @binding(0) var<storage, read_write> z: array<f32>;
@group(0) @binding(1) var<storage, read_write> target_id: array<i32>;
@group(0) @binding(2) var<storage, read_write> weight: array<f32>;
@group(0) @binding(3) var<storage, read_write> nll: array<f32>;
@group(0) @binding(4) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

//#include row_reductions

@compute @workgroup_size(\${WORKGROUP})
fn cross_entropy(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  //#if SHARED
  let local = group_index(group, groups);
  let lane = invocation;
  let present = local < p.rows; // all stay until the last barrier
  //#else
  let local = item_index(id, groups);
  if (local >= p.rows) { return; }
  let lane = 0u;
  let present = true;
  //#end SHARED
  let row = p.first + min(local, p.rows - 1u);
  let at = (row - p.first) * p.vocab;
  let goal = target_id[row];
  let end = select(0u, p.vocab, present);
  var most = -1e30;
  for (var i = lane; i < end; i += \${WALK}u) { most = max(most, z[at + i]); }
  most = max_of_row(most, lane);
  var sum = 0.0;
  //#if BLOCK
  for (var start = lane; start < end; start += \${BLOCK * WALK}u) {
    var part = 0.0;
    for (var i = start; i < min(start + \${BLOCK * WALK}u, end); i += \${WALK}u) { part += exp(z[at + i] - most); }
    sum += part;
  }
  //#else
  for (var i = lane; i < end; i += \${WALK}u) { sum += exp(z[at + i] - most); }
  //#end BLOCK
  sum = sum_of_row(sum, lane);
  let aim = z[at + u32(max(goal, 0))];
  //#if SHARED
  storageBarrier(); // nobody overwrites the target's logit before all have read it
  //#end SHARED
  if (!present) { return; }
  if (lane == 0u) { nll[row] = select(0.0, log(sum) + most - aim, goal >= 0); }
  if (p.gradient == 0u) { return; }
  let scale = select(0.0, weight[row] * scalars[p.at], goal >= 0);
  let inverse = scale / sum;
  for (var i = lane; i < p.vocab; i += \${WALK}u) {
    let share = exp(z[at + i] - most) * inverse;
    z[at + i] = select(share, share - scale, i32(i) == goal);
  }
}
`;var $m=`// What the trainer reads of a step, without the device waiting: into line \`slot\` of a ring of lines
//   [loss, gradient norm, then for each task: \u03A3 nll, tokens]
// go the step's weighted loss \u03A3 w\xB7nll\xB7scale and each task's sum of nll and count of tokens.
// An invocation a task (and one for the loss); one loop over the rows, at most 4,096 in a dispatch.
// With p.add (gradient accumulation, more rows) the sums add to what the line holds.

struct Params { rows: u32, tasks: u32, scale_at: u32, slot_at: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> nll: array<f32>;
@group(0) @binding(1) var<storage, read_write> weight: array<f32>;
@group(0) @binding(2) var<storage, read_write> task: array<i32>; // -1: padding
@group(0) @binding(3) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(4) var<storage, read_write> ring: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn task_sums(@builtin(global_invocation_id) id: vec3u) {
  if (id.x > p.tasks) { return; }
  let own = i32(id.x) - 1;
  let line = u32(scalars[p.slot_at]) * (2u + 2u * p.tasks);
  var sum = 0.0;
  var count = 0.0;
  for (var row = 0u; row < p.rows; row++) {
    if (own < 0) {
      sum += weight[row] * nll[row];
    } else if (task[row] == own) {
      sum += nll[row];
      count += 1.0;
    }
  }
  if (own < 0) {
    let loss = sum * scalars[p.scale_at];
    ring[line] = select(loss, ring[line] + loss, p.add != 0u);
  } else {
    let at = line + 2u + 2u * u32(own);
    ring[at] = select(sum, ring[at] + sum, p.add != 0u);
    ring[at + 1u] = select(count, ring[at + 1u] + count, p.add != 0u);
  }
}
`;var mc=8192,km=64,Em=1024,S1={name:"cross_entropy",wgsl:xm,constants({vocab:e}){let t=e>mc?km:1;return{SHARED:+(t>1),WALK:t,BLOCK:e>Em*t?Em:0}},workgroup:({vocab:e})=>e>mc?km:void 0,bindings:()=>["z","target_id","weight","nll","scalars"],params:({rows:e,vocab:t,first:r,at:n,gradient:o})=>[e,t,r,n,Number(o)],groups:({rows:e,vocab:t},r)=>R(e,t>mc?1:r),label:({rows:e,vocab:t,gradient:r})=>`rows ${e} vocab ${t}${r?" gradient":""}`},A1={name:"task_sums",wgsl:$m,constants:()=>({}),bindings:()=>["nll","weight","task","scalars","ring"],params:({rows:e,tasks:t,scaleAt:r,slotAt:n,add:o})=>[e,t,r,n,Number(o)],groups:({tasks:e},t)=>R(e+1,t),label:({rows:e,tasks:t})=>`rows ${e} tasks ${t}`},Sm=4096,O1=64<<20;function Am(e,t,r,n){let[o=0,s=0]=t.shape,[i=0]=r.shape;j("cross-entropy","weight",r.shape,[-1,s]),j("cross-entropy","target",n.target.shape,[o]),j("cross-entropy","row weight",n.weight.shape,[o]);let a=e.needsGrad(t,r),c=e.empty([o],"nll"),u=a&&t.requiresGrad?e.empty([o,s],"d hidden"):void 0,f=Math.floor(Math.min(O1,e.gpu.largestBinding)/4/i),l=t.dtype==="f16"?128:64,d=f>=l?l:jn(s*ne[t.dtype]),p=Math.max(d,Math.floor(f/d)*d);for(let h=0;h<o;h+=p){let g=Math.min(p,o-h),m=t.rows(h,g),w=e.empty([g,i],"logits");ue(e,"NT",m,r,w);for(let y of qr(e.gpu,g,4*i)){let E={rows:y.count,vocab:i,first:h+y.first,at:n.scaleAt,gradient:a},x=y.count===g?w:w.rows(y.first,y.count);e.dispatch(S1,E,[x,n.target,n.weight,c,n.scalars])}if(!a)continue;u&&ue(e,"NN",w,r,u.rows(h,g));let _=e.target(r);_&&ue(e,"TN",w,m,_.tensor,{add:_.add})}return a&&e.differentiable(c,()=>e.pass(t,u)),c}function gc(e,t,r){let n=e.empty([t.shape[0]??0,r.shape[0]??0],"logits");return ue(e,"NT",t,r,n),n}function Rs(e,t,r,n,o,s){let{tasks:i,slotAt:a}=s;for(let c=0;c<t.size;c+=Sm){let u=Math.min(Sm,t.size-c),f={rows:u,tasks:i,scaleAt:r.scaleAt,slotAt:a,add:s.add||c>0},l=d=>d.rows(c,u);e.dispatch(A1,f,[l(t),l(r.weight),l(n),r.scalars,o])}}var mt=new Set;function Om(e,t,r,n,o,s){if(r>0&&t.length>1)throw new Error("the cache of one prompt can be gone on with");let{imageTokens:i,featureWidth:a}=e,c=Ms(t),u=new me(e.gpu),f=Ns(u,c,i),l=new Int32Array(c.rows).fill(-1),d=[],p=0;t.forEach(({ids:y},E)=>{for(let x=0;x<y.length;x++)l[p+x]=E*n.length+r+x;p+=y.length,d.push(p-1)});let h=u.constant(l),g=u.constant(Int32Array.from(d)),m=u.noGrad(()=>{let y=u.input("images",[c.images*i,a]),E=e.embed(u,e.project(u,y,mt),f.index,mt),x=Es(u,f.span,e.heads),v={position:f.positions,place:h},A=(F,we)=>(pc(u,we,h,n.layer(F),e.heads),r===0?x(F,we):hc(u,we,n.layer(F),v,e.heads,n.length)),I=e.decode(u,E,f.positions,A,mt),M=e.finish(u,jt(u,I,g,f.positions),mt);return gc(u,M,e.head(mt))});Nm(u,o,m,s);let w=u.compile(),_=Cs(t,c,e);return w.upload({..._,positions:_.positions.map(y=>y+r),images:Is(t,c.images,i*a)}),{program:w,z:m}}function Tm(e,t,r,n){let o=r.token.size,s=new me(e.gpu),i=s.constant(new Int32Array(o).fill(-1)),a=s.noGrad(()=>{let c={ids:r.token,image:i,place:s.constant(Int32Array.of(-1)),held:i,rows:i},u=e.embed(s,s.input("no features",[1,e.width]),c,mt),f=(d,p)=>(pc(s,p,r.place,t.layer(d),e.heads),hc(s,p,t.layer(d),r,e.heads,t.length)),l=e.decode(s,u,r.position,f,mt);return gc(s,e.finish(s,l,mt),e.head(mt))});return Nm(s,r,a,n),{program:s.compile(),z:a}}function Mm(e,t){let r=new me(e.gpu);return dc(r,t),r.compile()}function Nm(e,t,r,n){n.on==="host"?e.output(r):dc(e,t,r,n.repetition)}var Ls=class{words;#e;constructor(t,r){this.#e=t,this.words=new Int32Array(Hn(t));for(let n of r)this.add(n)}add(t){t<this.#e&&(this.words[t>>5]|=1<<(t&31))}penalised(t,r){return t.map((n,o)=>(this.words[o>>5]>>(o&31)&1)===0?n:n<0?n*r:n/r)}};function T1(e,t){let{temperature:r,topK:n=0,topP:o=1}=t,s=Float32Array.from(e),i=M1(s),a=s[i[0]];if(!Number.isFinite(a))throw new ee(`expected finite logits, found ${a} for token ${i[0]}`);let c=n>0&&n<i.length?s[i[n-1]]:-1/0,u=[],f=[],l=0;for(let h of i){if(s[h]<c)break;let g=Math.exp((s[h]-a)/r);u.push(h),f.push(g),l+=g}let d=0,p=0;for(;d<u.length&&(d===0||p<o*l);)p+=f[d++];return{ids:u.slice(0,d),shares:f.slice(0,d),whole:p}}function Cm(e,t,r){if(t.temperature<=0){let a=0;for(let c=1;c<e.length;c++)e[c]>e[a]&&(a=c);return a}let{ids:n,shares:o,whole:s}=T1(e,t),i=r.next()*s;for(let a=0;a<n.length;a++)if((i-=o[a])<0)return n[a];return n.at(-1)}var Xn=2**21;function M1(e){let t=e.length;if(t>Xn)throw new RangeError(`expected at most ${Xn} logits, found ${t}`);let r=new Int32Array(e.map(o=>o===0?0:o).buffer),n=new Float64Array(t);for(let o=0;o<t;o++){let s=r[o]>=0?-1-r[o]:r[o]&2147483647;n[o]=s*Xn+o}return n.sort(),Uint32Array.from(n,o=>o-Math.floor(o/Xn)*Xn)}var Im=8;async function Ps(e,t,{prompts:r,held:n,streams:o},s){let{gpu:i}=e,{maxNewTokens:a,stops:c,repetitionPenalty:u=1,temperature:f=0,signal:l}=s,d=r.length,p=(y,E)=>G.of(i,y,E,"i32"),h={token:p([d]),position:p([d],r.map(({ids:y})=>y.length-1)),place:p([d],r.map(({ids:y},E)=>E*t.length+y.length-1)),state:p([d,2]),output:p([d,a]),stops:p([c.length],c)},g=Object.values(h),m=u===1?void 0:r.map(({ids:y})=>new Ls(e.vocabulary,y)),w={on:"host"};if(f===0){let y=m&&{seen:p([d,m[0].words.length],N1(m)),penalty:u};y&&g.push(y.seen),w={on:"device",repetition:y}}let _=new wc(e,t,h,w,s);try{l?.throwIfAborted();let y=n.tokens===0?r:r.map(({ids:x,images:v})=>({ids:x.subarray(n.tokens),images:v.slice(n.images)})),E=_.read(y,n.tokens);return w.on==="device"?await _.greedy():await _.drawn(E,o,m,u),await _.answers()}finally{_.destroy();for(let y of g)y.destroy(i)}}function N1(e){let t=new Int32Array(e.length*e[0].words.length);return e.forEach((r,n)=>t.set(r.words,n*r.words.length)),t}var wc=class{#e;#t;#r;#n;#o;#i=[];#s;#c;#a;constructor(t,r,n,o,s){this.#e=t,this.#t=r,this.#r=n,this.#n=o,this.#o=s,this.#s=n.token.size,this.#c=new Array(this.#s).fill(0)}read(t,r){let{program:n,z:o}=Om(this.#e,t,r,this.#t,this.#r,this.#n);return this.#i.push(n),n.run(),o}async greedy(){let{maxNewTokens:t,onToken:r}=this.#o;if(r)return await this.#u();for(let n=1;n<t;n+=Im)if(this.#l(Math.min(Im,t-n)),await this.#f())return}async#u(){let t=this.#f();for(let r=1;r<this.#o.maxNewTokens;r++){if(t.catch(()=>{}),this.#l(1),await t)return;t=this.#f()}await t}async drawn(t,r,n,o){let{gpu:s}=this.#e,{temperature:i=0,maxNewTokens:a,stops:c,onToken:u,signal:f}=this.#o,l=Mm(this.#e,this.#r);this.#i.push(l);let d=r.map(()=>!1);for(let p=1;;p++){let h=await t.read(s);f?.throwIfAborted();let g=h.length/this.#s,m=r.map((w,_)=>{if(d[_])return 0;let y=h.subarray(_*g,(_+1)*g),E=n?n[_].penalised(y,o):y,x=Cm(E,{...this.#o,temperature:i},w);return n?.[_]?.add(x),d[_]=c.includes(x),d[_]||u?.(x,_),x});if(this.#r.token.write(s,Int32Array.from(m)),l.run(),p===a||d.every(w=>w))return;t=this.#l(1)}}#l(t){return this.#a||(this.#a=Tm(this.#e,this.#t,this.#r,this.#n),this.#i.push(this.#a.program)),this.#a.program.run(t),this.#a.z}async#f(){let{gpu:t}=this.#e,{maxNewTokens:r,stops:n,onToken:o,signal:s}=this.#o,[i,a]=await Promise.all([this.#r.state.read(t),o?this.#r.output.read(t):void 0]);return s?.throwIfAborted(),this.#c.forEach((c,u)=>{let f=i[2*u];for(let l of a?.subarray(u*r+c,u*r+f)??[])n.includes(l)||o?.(l,u);this.#c[u]=f}),this.#c.every((c,u)=>i[2*u+1]===1)}async answers(){let{gpu:t}=this.#e,{maxNewTokens:r,stops:n}=this.#o,[o,s]=[await this.#r.state.read(t),await this.#r.output.read(t)];return this.#c.map((i,a)=>{let c=Int32Array.from(s.subarray(a*r,a*r+o[2*a])),u=c.at(-1);return u!==void 0&&n.includes(u)?{ids:c.slice(0,-1),stop:u}:{ids:c,stop:void 0}})}destroy(){for(let t of this.#i)t.destroy()}};function _c({heads:e}){return Jn(e)}function C1(e,t,r){return e.layers*t*r*_c(e)*ne.f32}function Qr(e,t){return Math.floor(e.gpu.largestBinding/(t*_c(e)*ne.f32))}var Yr=class{rows;#e;#t;#r;constructor(t,r,n){this.rows=r,this.#e=t,this.#r=n,this.#t=Array.from({length:t.layers},()=>this.#n(n))}get length(){return this.#r}get bytes(){return C1(this.#e,this.rows,this.#r)}layer(t){return this.#t[t]}grow(t){if(this.rows!==1)throw new Error(`a cache of one sequence can grow, found one of ${this.rows}`);let{gpu:r}=this.#e;this.#t.forEach((n,o)=>{let s=this.#n(t),i=new me(r);pt(i,s.rows(0,this.#r),n);let a=i.compile();a.run(),a.destroy(),n.destroy(r),this.#t[o]=s}),this.#r=t}#n(t){return G.of(this.#e.gpu,[this.rows*t,_c(this.#e)])}destroy(){for(let t of this.#t)t.destroy(this.#e.gpu);this.#t.length=0}};function Bs(e){let{maxNewTokens:t,stops:r,batchSize:n=64}=e,{temperature:o=0,topK:s=0,topP:i=1,repetitionPenalty:a=1}=e,c=[["maxNewTokens",t,Number.isInteger(t)&&t>=1,"be at least 1"],["batchSize",n,Number.isInteger(n)&&n>=1,"be at least 1"],["temperature",o,o>=0&&o<1/0,"be at least 0"],["topK",s,Number.isInteger(s)&&s>=0,"be a whole number of at least 0"],["topP",i,i>=0&&i<=1,"lie between 0 and 1"],["repetitionPenalty",a,a>0&&a<1/0,"be above 0"],...r.map(u=>["stops",u,u===(u|0),"be token ids"])];for(let[u,f,l,d]of c)if(!l)throw new b(`${u} must ${d}, found ${f}`)}function js(e,t,r,n){let{length:o}=t.ids;if(o+r>e.maxPositions)throw new b(`${n}: ${o} tokens and ${r} new ones are over the model's ${e.maxPositions} positions; shorten the prompt or the answer`);if(Ts(e,t,e.imageTokens*e.featureWidth,n),Qr(e,o+r)<1)throw new b(`${n}: the keys and values of ${o} tokens and ${r} new ones are over the ${e.gpu.largestBinding} bytes that a binding of this adapter holds; shorten the prompt or the answer`)}function Rm(e,{trainable:t,storage:r="f32"}={}){let n=new Set(t??e.map(({name:s})=>s)),o={values:0,trained:0,largest:{bytes:0,names:[]}};for(let{module:s,shape:i,places:a,start:c,end:u}of gs(e).bundles){let f=r==="f16"&&!n.has(s)&&i.length>1,l=a.reduce((p,{size:h})=>p+h,0),d=f?Math.ceil(l/8)*16:4*(u-c);o.values+=d,n.has(s)&&(o.trained+=d),d>o.largest.bytes&&(o.largest={bytes:d,names:a.map(({name:p})=>p)})}return o}var I1=2e8,R1=64<<20;function zs(e,t){let{modules:r,trainable:n}=ks(Pt(e),t),{values:o,trained:s,largest:i}=Rm(r,{...t,trainable:n}),{text_config:a}=e,c=a.max_position_embeddings*a.head_dim*4,u=3*s,f=t.cached*a.num_hidden_layers*2*a.num_key_value_heads*a.head_dim*4,l=L1(e,t)+P1(e,t),d=Math.max(l,t.tiles>0?B1(e):0)+f;return{parameters:o+c,training:u,results:d,device:o+c+u+d,host:I1+3*s,largest:i}}function L1(e,t){let{rows:r,trainable:n}=t,{text_config:o}=e,{hidden_size:s,intermediate_size:i,num_attention_heads:a,head_dim:c}=o,u=a*c,f=u+2*o.num_key_value_heads*c,l=Math.min(R1,(t.logits??r)*o.vocab_size*4)+(t.logits??r)*s*8;if(n.length===0)return Math.max(r*4*(Math.max(3*i,2*f)+s),r*4*s+l);let d=ne[t.storage],p=n.includes("language")?2*s+i:0,h=r*((2*s+f+u+2*i+p)*d+a*4),g=r*4*Math.max(2*i+2*s,2*f+s),m=t.tiles*rr(e)*s*2*4;return o.num_hidden_layers*h+Math.max(g,l)+m}function P1(e,{trainable:t,tiles:r,storage:n}){if(!t.includes("vision"))return 0;let{hidden_size:o,intermediate_size:s,num_attention_heads:i}=e.vision_config,a=r*(ye(e.vision_config)+1);return nr(e)*a*((8*o+2*s)*ne[n]+i*4)}function B1(e){let{hidden_size:t,intermediate_size:r}=e.vision_config,n=ye(e.vision_config)+1,o=Os(n),s=rr(e)*Dr(e);return o*(n*4*Math.max(r+2*t,5*t)+s*4)}function bc(e,t,r){let{imageTokens:n,featureWidth:o,gpu:s}=e,{intermediate_size:i}=e.config.text_config,a=s.largestBinding/ne.f32,c=0,u=0,f=t.findIndex((l,d)=>(c+=l.tokens,u+=l.tiles,d>0&&(Qr(e,l.tokens+r)<=d||Xr(c)*2*i>a||u*n*o>a||(d+1)*e.vocabulary>a)));return f<0?t.length:f}function Lm(e,t,{maxNewTokens:r,together:n}){let o=0;for(let s=0;s<t.length;){let i=t.slice(s,s+n),a=i.slice(0,bc(e,i,r));s+=a.length;let c=Xr(a.reduce((p,{tokens:h})=>p+h,0)),u=a.length*(a.at(-1).tokens+r),f={trainable:[],storage:"f32",rows:c,logits:a.length,tiles:0,cached:u},l=a.reduce((p,{tiles:h})=>p+h,0),d=(c+3*l*e.imageTokens)*e.width*ne.f32;o=Math.max(o,zs(e.config,f).results,d)}return o}async function Pm(e,t,r){let{maxNewTokens:n,batchSize:o=64,onToken:s}=r;Bs(r),t.forEach((u,f)=>js(e,u,n,`prompt ${f}`));let i=t.map((u,f)=>f).sort((u,f)=>t[u].ids.length-t[f].ids.length||u-f),a=new Array(t.length),c=new J(r.seed??0);for(let u=0;u<i.length;){let f=i.slice(u,u+o),l=f.map(g=>({tokens:t[g].ids.length,tiles:t[g].images.length})),d=f.slice(0,bc(e,l,n));u+=d.length;let p=t[d.at(-1)].ids.length+n,h=new Yr(e,d.length,p);try{let g={prompts:d.map(w=>t[w]),held:{tokens:0,images:0},streams:d.map(w=>c.fork(`prompt ${w}`))},m=await Ps(e,h,g,{...r,...s?{onToken:(w,_)=>s(w,d[_])}:{}});d.forEach((w,_)=>a[w]=m[_].ids)}finally{h.destroy()}}return a}var j1=4,qs=class{#e;#t;#r={ids:new Int32Array(0),images:[]};constructor(t){this.#e=t}get tokens(){return this.#r.ids.length}get bytes(){return this.#t?.bytes??0}async answer(t,r){Bs(r),js(this.#e,t,r.maxNewTokens,"the prompt");let n=q1(this.#e,this.#r,t),o=j1*n.tokens>=t.ids.length?n:{tokens:0,images:0},s=this.#n(t.ids.length+r.maxNewTokens,o.tokens);this.#r={ids:new Int32Array(0),images:[]};let i={prompts:[t],held:o,streams:[new J(r.seed??0).fork("prompt 0")]},[a]=await Ps(this.#e,s,i,r),{ids:c,stop:u}=a,f=u===void 0?c.subarray(0,-1):c;return this.#r={ids:z1(t.ids,f),images:t.images},{ids:c,stop:u,reused:o.tokens}}#n(t,r){let n=this.#t;if(n&&n.length>=t)return n;if(!n||r===0)return n?.destroy(),this.#t=new Yr(this.#e,1,t);let o=Math.min(this.#e.maxPositions,Qr(this.#e,1));return n.grow(Math.max(t,Math.min(2*n.length,o))),n}destroy(){this.#t?.destroy(),this.#t=void 0,this.#r={ids:new Int32Array(0),images:[]}}};function z1(e,t){let r=new Int32Array(e.length+t.length);return r.set(e),r.set(t,e.length),r}function q1({imageId:e,imageTokens:t},r,n){let o=Math.min(r.ids.length,n.ids.length-1),s=0,i=0;for(let a=0;a<o&&r.ids[a]===n.ids[a];a++){if(n.ids[a]===e){let c=s/t;if(Number.isInteger(c)&&!D1(r.images[c],n.images[c]))break;s++}s%t===0&&(i=a+1)}return{tokens:i,images:Math.floor(s/t)}}function D1(e,t){return!e||!t||e.length!==t.length?!1:e===t||e.every((r,n)=>r===t[n])}async function jm(e,t,r){let{lora:n,parameters:o,config:s}=e;if(!n)throw new Error("saveAdapter: the model has no low-rank matrices");let{moduleName:i,names:a}=ve(s),{sites:c}=n.plan,{rank:u,rankPattern:f,alpha:l,alphaPattern:d}=U1(c,n.scaling,w=>ht(i(w))),h=o.bundles.filter(({module:w})=>o.trainable.has(w)).flatMap(w=>w.places.map(_=>({name:W1(_.name,e.config),dtype:"F32",shape:_.shape,bytes:4*_.size,bundle:w,place:_,copied:void 0}))),g=[...o.trainable].filter(w=>w!==te).map(w=>{let _=a[w];return ht(i(`${_}.`)).replace(/\.$/,"").replace(/^model\./,"")}),m=rm({base:r,rank:u,alpha:l,rankPattern:f,alphaPattern:d,scaling:n.scaling,dropout:n.dropout},[...c.keys()].map(w=>ht(i(w))),g);await t.write(As,Vn(new TextEncoder().encode(m))),await t.write(Gn,fc(e.gpu,h))}function W1(e,t){let{moduleName:r}=ve(t),n=e.match(/^(.*)(\.lora_[AB]\.weight)$/);return`base_model.model.${n?ht(r(`${n[1]}.weight`))+n[2]:r(e)}`}function U1(e,t,r){let n=[...e].map(([a,{rank:c,scale:u}])=>{let f=u*(t==="rs"?Math.sqrt(c):c);return{name:r(a),rank:c,alpha:Number(f.toPrecision(12))}}),o=Bm(n.map(({rank:a})=>a)),s=Bm(n.map(({alpha:a})=>a)),i=(a,c)=>Object.fromEntries(n.filter(u=>u[a]!==c).map(u=>[u.name,u[a]]));return{rank:o,alpha:s,rankPattern:i("rank",o),alphaPattern:i("alpha",s)}}function Bm(e){let t=new Map;for(let r of e)t.set(r,(t.get(r)??0)+1);return[...t].reduce((r,n)=>n[1]>r[1]?n:r)[0]}function yc(e,t){let r=n=>Number.isFinite(n)&&t(n);return{expected:e,parse:n=>{let o=Number(n);return n.trim()!==""&&r(o)?o:void 0},good:r}}var vc=yc("a number above 0",e=>e>0),Ds=yc("a number of 0 or more",e=>e>=0),Ws=yc("a whole number of 1 or more",e=>Number.isInteger(e)&&e>=1),zm={expected:"a share above 0 and up to 1, such as 0.125 or 1/8",parse(e){let[t,r,...n]=e.split("/").map(s=>s.trim()===""?NaN:Number(s)),o=r===void 0?t:t/r;return n.length===0&&this.good(o)?o:void 0},good:e=>e>0&&e<=1},qm={expected:"a name",parse:e=>e===""?void 0:e},Dm={expected:"nothing",parse:()=>!0};function Us(e){let t=r=>e.includes(r);return{expected:e.length<3?e.join(" or "):`one of ${e.join(", ")}`,parse:r=>r,good:t}}function Wm(e,t){let r=Object.keys(e);return Object.fromEntries(r.map(n=>[n,t[n]]))}function Um({frozen:e,storage:t}){return{trainable:hs.filter(r=>!e.includes(r)),storage:t}}function Fs({lora:e,addedTo:t},r){return[...hs.filter(o=>!r.includes(o)&&!t.has(o)),...e?[te]:[]]}var gt={warmup:.03,schedule:"cosine",betas:[.9,.999],weightDecay:0,clip:1,frozen:[],rates:{},storage:"f32"},F1={expected:"two numbers from 0 to below 1, such as 0.9,0.999",parse(e){let[t=NaN,r=NaN,...n]=e.split(",").map(Number);return n.length===0&&this.good([t,r])?[t,r]:void 0},good:e=>e.every(t=>t>=0&&t<1)},K1={expected:`some of ${hs.join(", ")}, separated by commas, or none`,parse:e=>{let t=e.split(",").map(r=>r.trim()).filter(r=>r!=="");return t.length===0?void 0:t.join()==="none"?[]:t}},G1={expected:"module=factor, such as vision=0.1,projector=2",parse(e){let t=e.split(",").map(n=>n.split("=").map(o=>o.trim()));return t.every(([n,o,...s])=>n&&o&&s.length===0&&Number.isFinite(Number(o)))?Object.fromEntries(t.map(([n,o])=>[n,Number(o)])):void 0}},Fm={frozen:{kind:K1,flag:["freeze","<modules>"],help:"of vision, projector, language: not trained; none: all are (default: the preset's; beside --lora all but the projector)"},rates:{kind:G1,flag:["rates","<module=x,...>"],help:"factors on the learning rate of modules, such as vision=0.1"},storage:{kind:Us(["f32","f16"]),flag:["storage","<type>"],help:"how activations and frozen matrices are stored in training: f32, or f16 where shader-f16 is (default: f32)"},checkpointActivations:{kind:Dm,flag:["checkpoint-activations",""],help:"compute a layer's results again in the backward pass, not keep them: far less memory, some more time, the same bits"},batch:{kind:Ws,flag:["batch","<n>"],help:"conversations a step (default: the preset's)"},microBatch:{kind:Ws,flag:["micro-batch","<n>"],help:"conversations a forward pass: less memory, gradients of a step's passes add up (default: the preset's, at most the batch)"},learningRate:{kind:vc,flag:["lr","<rate>"],help:"highest learning rate (default: the preset's)"},warmup:{kind:{...zm,expected:"a share from 0 to 1",good:e=>e>=0&&e<=1}},schedule:{kind:Us(["cosine","linear","constant"])},betas:{kind:F1},weightDecay:{kind:Ds},clip:{kind:Ds},loraRank:{kind:Ws,flag:["lora","<rank>"],help:"train LoRA's matrices of this rank beside the language model's, which stay as they are (default: train all)"},loraAlpha:{kind:vc,flag:["lora-alpha","<x>"],help:"LoRA's alpha (default: twice the rank)"},loraDropout:{kind:{...Ds,expected:"a share from 0 to below 1",good:e=>e>=0&&e<1},flag:["lora-dropout","<share>"],help:"share of the inputs that is dropped on their way into LoRA's matrices (default: 0)"},loraScaling:{kind:Us(["standard","rs"]),flag:["lora-scaling","<kind>"],help:"LoRA's factor: standard, alpha/rank, or rs, alpha/\u221Arank (default: standard)"},loraTargets:{kind:qm,flag:["lora-targets","<layers>"],help:"layers that LoRA adds to: ends of names such as q_proj,v_proj, or a regular expression for whole names (default: every linear layer of the language model)"}};var Km=`// y[i] = \u03A3 of x (or with SQUARE of x\xB2) over the i-th chunk of 1,024 elements: one pass of a tree of sums.
// An invocation a chunk.

//#include spread

struct Params { count: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn reduce(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let chunk = item_index(id, groups);
  let first = chunk * 1024u;
  if (first >= p.count) { return; }
  var sum = 0.0;
  for (var i = first; i < min(first + 1024u, p.count); i++) {
    //#if SQUARE
    sum += f32(x[i]) * f32(x[i]);
    //#else
    sum += f32(x[i]);
    //#end SQUARE
  }
  y[chunk] = sum;
}
`;var xc={name:"reduce",wgsl:Km,constants:({square:e})=>({SQUARE:Number(e)}),bindings:()=>["x","y"],f16:["x"],params:({count:e})=>[e],groups:({count:e},t)=>R(Math.ceil(e/1024),t)};function $c(e,t,r=!1){let n=t;do{let o=n.size,s=e.empty([Math.ceil(o/1024)],r?"sums of squares":"sums"),i=n.view([o]);for(let a of rt(e.gpu,o)){let c=s.rows(a.first/1024,Math.ceil(a.count/1024));e.dispatch(xc,{count:a.count,square:r},[i.rows(a.first,a.count),c])}n=s,r=!1}while(n.size>1);return n}var Yn=65536,kc=1024;function Gm(e,t){let[r]=t;if(t.length===1)return $c(e,r,!0);let n=t.reduce((f,{size:l})=>f+l,0),o=e.empty([Math.ceil(n/kc)],"sums of squares"),s=0,i=[],a=0,c=(f,l)=>{let d=o.rows(l/kc,Math.ceil(f.size/kc));e.dispatch(xc,{count:f.size,square:!0},[f,d])},u=()=>{if(a===0)return;let f=e.empty([a],"span"),l=0;for(let d of i)pt(e,f.rows(l,d.size),d),l+=d.size;c(f,s-a),i=[],a=0};for(let f of t){let l=f.view([f.size]),d=0;for(;d<f.size;){let p=f.size-d;if(a>0||p<Yn){let g=Math.min(Yn-a,p);i.push(l.rows(d,g)),a+=g,d+=g,s+=g,a===Yn&&u();continue}let h=Math.floor(p/Yn)*Yn;for(let g of rt(e.gpu,h))c(l.rows(d+g.first,g.count),s+g.first);d+=h,s+=h}}return u(),o.size>1?$c(e,o):o}var Vm=`// Writes the gradient's norm before clipping, \u221Asquare[0], into column 1 of the ring's slot scalars[slot_at].
// One invocation.

struct Params { slot_at: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> square: array<f32>;
@group(0) @binding(1) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(2) var<storage, read_write> ring: array<f32>; // [slots, width]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn adamw_norm() {
  ring[u32(scalars[p.slot_at]) * p.width + 1u] = sqrt(square[0]);
}
`;var Hm=`// AdamW (Loshchilov and Hutter 2019) with clipping by the global norm, over a whole range of parameters at once.
//
//   g \u2190 g\xB7min(1, clip/(norm + 1e-6));  m \u2190 \u03B21\xB7m + (1\u2212\u03B21)\xB7g;  v \u2190 \u03B22\xB7v + (1\u2212\u03B22)\xB7g\xB2
//   \u03B8 \u2190 \u03B8\xB7(1 \u2212 lr\xB7decay) \u2212 lr\xB7(m/c1)/(\u221A(v/c2) + eps),  c = 1 \u2212 \u03B2^step
//
// Parameters lie in blocks of 64; kind[block] says which line of \`kinds\` (learning-rate factor, decay) holds for it.
// scalars: [lr, c1, c2] from \`rate_at\`; norm\xB2 is in square[0].
// An invocation VECTORS times four elements of one block: what a rule and the scalars take to load, they share.

//#include spread

struct Params { count: u32, rate_at: u32, beta1: f32, beta2: f32, eps: f32, clip: f32 }

@group(0) @binding(0) var<storage, read_write> theta: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> v: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> kind: array<u32>;
@group(0) @binding(5) var<storage, read_write> kinds: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> square: array<f32>;
@group(0) @binding(7) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(8) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn adamw(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = \${VECTORS}u * item_index(id, groups);
  if (at >= p.count / 4u) { return; }
  let rule = kinds[kind[at / 16u]];
  let lr = scalars[p.rate_at] * rule.x;
  let c1 = scalars[p.rate_at + 1u];
  let c2 = scalars[p.rate_at + 2u];
  let factor = select(1.0, min(1.0, p.clip / (sqrt(square[0]) + 1e-6)), p.clip > 0.0);
  //#repeat c VECTORS
  {
    let i = at + \${c}u;
    let g = gradient[i] * factor;
    let first = p.beta1 * m[i] + (1.0 - p.beta1) * g;
    let second = p.beta2 * v[i] + (1.0 - p.beta2) * g * g;
    m[i] = first;
    v[i] = second;
    let update = (first / c1) / (sqrt(second / c2) + p.eps);
    theta[i] = theta[i] * (1.0 - lr * rule.y) - lr * update;
  }
  //#end c
}
`;var se={rate:0,correction1:1,correction2:2,scale:3,line:4,step:5,pass:6,count:8},X1={name:"adamw",wgsl:Hm,constants:({vectors:e})=>({VECTORS:e}),bindings:()=>["theta","gradient","m","v","kind","kinds","square","scalars"],params:({count:e,beta1:t,beta2:r,eps:n,clip:o})=>[e,se.rate,H(t),H(r),H(n),H(o)],workgroup:()=>64,groups:({count:e,vectors:t},r)=>R(e/4/t,r)},Y1={name:"adamw_norm",wgsl:Vm,constants:()=>({}),bindings:()=>["square","scalars","ring"],params:({width:e})=>[se.line,e],workgroup:()=>1,groups:()=>[1,1,1]},Ks=class{parameters;options;stretches;theta;m;v;#e;#t;constructor(t,r){this.parameters=t,this.options={betas:[.9,.999],eps:1e-8,weightDecay:0,clip:1,...r};let{gpu:n}=t,o=Object.keys(r.rates);if(o.length===0)throw new Error("AdamW: every module is frozen; there is nothing to train");this.stretches=t.stretches(o),this.#e=this.stretches.map(i=>{let a=i.end-i.start,c=this.#r(i);return{m:G.of(n,[a]),v:G.of(n,[a]),kind:G.of(n,[c.length],c,"i32")}});let s=o.flatMap(i=>{let a=this.options.rates[i];return[a,0,a,this.options.weightDecay]});this.#t=G.of(n,[2+s.length],Float32Array.of(0,0,...s)),this.theta=Ec(this.stretches.map(({values:i})=>i)),this.m=Ec(this.#e.map(({m:i})=>i)),this.v=Ec(this.#e.map(({v:i})=>i))}#r({start:t,end:r}){let n=Object.keys(this.options.rates),o=new Int32Array((r-t)/je);for(let{offset:s,size:i,shape:a,idle:c}of this.parameters.places.values()){if(s<t||s>=r||c)continue;let u=n.findIndex(d=>{let p=this.parameters.modules.get(d);return s>=p.start&&s<p.end});if(u<0)continue;let f=Math.floor((s-t)/je),l=Math.ceil((s+i-t)/je);o.fill(1+2*u+ +(a.length>1),f,l)}return o}clear(t){for(let{gradients:r}of this.stretches)us(t,r,0)}update(t,r,n){let{betas:[o,s],eps:i,clip:a}=this.options,c=Gm(t,this.stretches.map(({gradients:l})=>l)),u=nt("adamw",t.gpu)==="registers"?4:1,f={beta1:o,beta2:s,eps:i,clip:a,vectors:u};t.dispatch(Y1,{width:n.shape[1]},[c,r,n]),this.stretches.forEach(({values:l,gradients:d},p)=>{let{m:h,v:g,kind:m}=this.#e[p];for(let{first:w,count:_}of rt(t.gpu,d.size))t.dispatch(X1,{...f,count:_},[...[l,d,h,g].map(y=>y.rows(w,_)),m.rows(w/je,_/je),this.#t,c,r])})}fillScalars(t,r,n){let{betas:[o,s]}=this.options;t[se.rate]=n,t[se.correction1]=1-Math.fround(o)**r,t[se.correction2]=1-Math.fround(s)**r}destroy(){let t=this.#e.flatMap(({m:r,v:n,kind:o})=>[r,n,o]);for(let r of[...t,this.#t])r.destroy(this.parameters.gpu)}};function Ec(e){let t=0,r=e.map(n=>{let o={start:t,tensor:n};return t+=n.size,o});return new sr(t,r)}function Gs({sequences:e,answerRows:t}){return{...Ms(e),targets:Xr(t.length)}}function Sc({model:e,trainable:t}){return e.runsVision(t)?de(e.pixelShape):e.imageTokens*e.featureWidth}function Zr(e,{model:t},r){let{targets:n}=r;return{...Ns(e,r,t.imageTokens),scalars:e.input("scalars",[se.count]),target:e.input("target",[n],"i32"),task:e.input("task",[n],"i32"),weight:e.input("weight",[n]),pick:e.input("pick",[n],"i32"),picked:e.input("picked",[r.rows],"i32")}}function Vs(e,{sequences:t,answerRows:r},n,o){let{targets:s}=n,i=new Int32Array(s).fill(-1),a=new Int32Array(s).fill(-1),c=new Float32Array(s),u=new Int32Array(s).fill(-1),f=new Int32Array(n.rows).fill(-1);return r.forEach((l,d)=>{i[d]=l.target,a[d]=l.task,c[d]=o[l.task],u[d]=l.row,f[l.row]=d}),{...Cs(t,n,e.model),images:Is(t,n.images,Sc(e)),target:i,task:a,weight:c,pick:u,picked:f}}function en(e,{model:t,trainable:r},n,o,s){let{imageTokens:i,pixelShape:a,featureWidth:c}=t,{step:u,pass:f}=se,l=s?{scalars:o.scalars,stepAt:u,passAt:f}:void 0,d;t.runsVision(r)?d=t.vision(e,e.input("images",[n.images,...a]),r,l):d=e.input("images",[n.images*i,c]);let p=t.project(e,d,r,l),h=t.embed(e,p,o.index,r),g=Es(e,o.span,t.heads),m=t.decode(e,h,o.positions,g,r,l),w=t.finish(e,jt(e,m,o.pick,o.picked),r),{target:_,weight:y,scalars:E}=o,x={target:_,weight:y,scalars:E,scaleAt:se.scale};return{nll:Am(e,w,t.head(r),x),goal:x}}function Jm(e,t){let{storage:r,checkpointActivations:n=!1}=e,o=new me(e.model.gpu,{storage:r,checkpoint:n}),{nll:s}=en(o,e,t,Zr(o,e,t),!0);return o.backward(s,s),o.need()}function Xm(e,t){let{peak:r,steps:n,warmup:o,kind:s}=t,i=Math.round(o*n);if(e<i)return r*(e+1)/i;let a=Math.min(1,(e-i)/Math.max(1,n-i));return s==="constant"?r:s==="linear"?r*(1-a):r*.5*(1+Math.cos(Math.PI*a))}function Ym(){globalThis.gc?.()}var Qm=48,Q1=Qm/2,tn=class{#e=new Map;#t=0;get largestNeed(){return Math.max(0,...[...this.#e.values()].map(({largestNeed:t})=>t))}get(t,r){let n=this.#e.get(t);if(n)this.#e.delete(t);else{if(this.#e.size>=Qm){let[o,s]=this.#e.entries().next().value;s.destroy(),this.#e.delete(o),++this.#t%Q1===0&&Ym()}n=r()}return this.#e.set(t,n),n}destroy(){for(let t of this.#e.values())t.destroy();this.#e.clear()}};var Hs=class{#e;#t=new tn;#r;constructor(t){this.#e=t,this.#r=G.of(t.model.gpu,[1,2+2*t.tasks])}get largestNeed(){return this.#t.largestNeed}async run(t){let{model:r,tasks:n}=this.#e,o=new Array(n).fill(1),s=new Float32Array(se.count);s[se.scale]=1;let i=t.filter(({answerRows:c})=>c.length>0);if(i.length===0)return{nll:o.map(()=>0),tokens:o.map(()=>0)};i.forEach((c,u)=>{let f=Gs(c),l=`${f.rows} ${f.images} ${f.targets} ${u===0}`,d=this.#t.get(l,()=>this.#n(f,u===0));d.upload({...Vs(this.#e,c,f,o),scalars:s}),d.run()});let a=(await this.#r.read(r.gpu)).subarray(2);return{nll:o.map((c,u)=>a[2*u]),tokens:o.map((c,u)=>a[2*u+1])}}#n(t,r){let{model:n,tasks:o,storage:s}=this.#e,i=new me(n.gpu,{storage:s}),a=Zr(i,this.#e,t);return i.noGrad(()=>{let{nll:c,goal:u}=en(i,this.#e,t,a,!1),f={tasks:o,slotAt:se.line,add:!r};Rs(i,c,u,a.task,this.#r,f)}),i.compile()}destroy(){this.#t.destroy(),this.#r.destroy(this.#e.model.gpu)}};var Js=class{#e;#t=new tn;constructor(t){this.#e=t}get largestNeed(){return this.#t.largestNeed}run(t,r,n,o){let s=Gs(t),i=`${s.rows} ${s.images} ${s.targets} ${r.first} ${r.last}`,a=this.#t.get(i,()=>this.#r(s,r));a.upload({...Vs(this.#e,t,s,n),scalars:o}),a.run()}#r(t,{first:r,last:n}){let{model:o,optimizer:s,ring:i,tasks:a,storage:c,checkpointActivations:u=!1}=this.#e,f=new me(o.gpu,{storage:c,checkpoint:u}),l=Zr(f,this.#e,t);r&&s.clear(f);let{nll:d,goal:p}=en(f,this.#e,t,l,!0);return Rs(f,d,p,l.task,i,{tasks:a,slotAt:se.line,add:!r}),f.backward(d,d),n&&s.update(f,l.scalars,i),f.compile()}destroy(){this.#t.destroy()}};function ar(e,t){let r=new Array(t).fill(0),n=0,o=0;return{microBatches:e.map(i=>{let a=[],c=0;for(let{ids:u,mask:f,task:l}of i){for(let d=1;d<u.length;d++)f[d]&&(a.push({row:c+d-1,target:u[d],task:l}),r[l]++);c+=u.length}return n+=c,o+=i.length,{sequences:i,answerRows:a}}),taskTokens:r,tokens:n,conversations:o}}function Xs(e,t){let r=[];for(let n=0;n<e.length;n+=t)r.push(e.slice(n,n+t));return r}var Zm=2,rn=4;async function eg({gpu:e,parameters:t},{theta:r,m:n,v:o},s){let i=new Float32Array(rn+3*n.size);new Uint32Array(i.buffer).set([Zm,s,t.size,n.size]);let a=rn;for(let c of[r,n,o])await c.readInto(e,i.subarray(a,a+c.size)),a+=c.size;return new Uint8Array(i.buffer)}function tg(e,{gpu:t,parameters:r},{theta:n,m:o,v:s}){let i=e.byteOffset%4===0?e:e.slice(),a=Math.floor(i.length/4),[c,u=0,f=0,l=0]=new Uint32Array(i.buffer,i.byteOffset,Math.min(rn,a)),d=[Zm,r.size,o.size],p=4*(rn+3*l);if([c,f,l].some((g,m)=>g!==d[m])||e.length!==p)throw new ee(`training state: expected version, parameters and moments ${d.join(", ")}; found ${c}, ${f}, ${l} in ${e.length} bytes. It belongs to another model or setting`);let h=new Float32Array(i.buffer,i.byteOffset,a);return[n,o,s].forEach((g,m)=>{g.write(t,h.subarray(rn+m*l,rn+(m+1)*l))}),u}var Qn=64,Ys=class{model;settings;#e;#t;#r;#n;#o;#i=[];#s=0;constructor(t,r){this.model=t,this.settings={...gt,checkpointActivations:!1,...r};let{frozen:n,rates:o,betas:s,weightDecay:i,clip:a,storage:c,tasks:u,checkpointActivations:f}=this.settings;or(t.gpu,c);let l=Fs(t,n);this.#e=new Ks(t.parameters,{rates:Object.fromEntries(l.map(p=>[p,p===te?1:o[p]??1])),betas:s,weightDecay:i,clip:a}),this.#o=G.of(t.gpu,[Qn,2+2*u]);let d={model:t,trainable:new Set(l),tasks:u,storage:c,checkpointActivations:f};this.#t=new Js({...d,optimizer:this.#e,ring:this.#o}),this.#r=new Hs(d),this.#n=Sc(d)}get step(){return this.#s}get memory(){return{arenaBytes:this.model.gpu.arena(0).size,largestNeed:Math.max(this.#t.largestNeed,this.#r.largestNeed)}}train(t,r){let{tasks:n,steps:o,learningRate:s,warmup:i,schedule:a}=this.settings,{microBatches:c}="microBatches"in t?t:ar(t,n);if(this.#i.length>=Qn)throw new Error(`train: read the log at least every ${Qn} steps`);if(r.length!==n)throw new Error(`train: expected ${n} task weights, found ${r.length}`);let u=[],f=0;for(let{sequences:p,answerRows:h}of c){for(let g of p)this.#c(g),u.push(g.id);for(let{task:g}of h)f+=r[g]}if(!(f>0))throw new Error("train: no answer token of the step has a weight above 0");let l=new Float32Array(se.count),d=Xm(this.#s,{peak:s,steps:o,warmup:i,kind:a});this.#e.fillScalars(l,this.#s+1,d),l[se.scale]=1/f,l[se.line]=this.#s%Qn,l[se.step]=this.#s+1,c.forEach((p,h)=>{l[se.pass]=h,this.#t.run(p,{first:h===0,last:h===c.length-1},r,l)}),this.#s++,this.#i.push({step:this.#s,rate:d,ids:u})}#c(t){let{id:r,ids:n,mask:o,task:s}=t,{tasks:i}=this.settings;if(Ts(this.model,t,this.#n,`sample ${r}`),o.length!==n.length)throw new b(`sample ${r}: ${n.length} tokens and ${o.length} values of the answer mask`);if(!Number.isInteger(s)||s<0||s>=i)throw new b(`sample ${r}: expected a task from 0 to ${i-1}, found ${s}`)}async log(){let t=this.#i.splice(0);if(t.length===0)return[];let r=await this.#o.read(this.model.gpu),n=2+2*this.settings.tasks;return t.map(({step:o,rate:s,ids:i})=>{let a=(o-1)%Qn,[c=NaN,u=NaN,...f]=r.subarray(a*n,(a+1)*n),l=f.filter((p,h)=>h%2===1),d=l.map((p,h)=>p>0?f[2*h]/p:null);if(![c,u,...d].every(p=>p===null||Number.isFinite(p)))throw new ee(`step ${o}: the loss is ${c} and the gradient's norm ${u}; ${this.#a(d)}; samples in the step: ${i.join(", ")}. Lower the learning rate${this.settings.storage==="f16"?", store in f32 (f16 ends at 65,504),":""} or look at these samples`);return{step:o,loss:c,gradNorm:u,learningRate:s,taskLoss:d,taskTokens:l}})}#a(t){let r=t.flatMap((s,i)=>s===null?[]:[{loss:s,task:i}]),n=r.filter(({loss:s})=>!Number.isFinite(s)),o=(n.length>0?n:r).map(({task:s})=>this.settings.taskNames?.[s]??s);return`${n.length>0?"not finite on tasks":"tasks in the step"}: ${o.join(", ")}`}async losses(t){let{microBatches:r}="microBatches"in t?t:ar(t,this.settings.tasks);for(let{sequences:o}of r)o.forEach(s=>this.#c(s));let n=await this.#r.run(r);if(!n.nll.every(Number.isFinite)){let o=n.nll.map((s,i)=>n.tokens[i]>0?s/n.tokens[i]:null);throw new ee(`validation after step ${this.#s}: the loss is ${this.#a(o)}. Lower the learning rate or look at these tasks' validation samples`)}return n}state(){return eg(this.model,this.#e,this.#s)}restore(t){this.#s=tg(t,this.model,this.#e),this.#i.length=0}destroy(){this.#t.destroy(),this.#r.destroy(),this.#e.destroy(),this.#o.destroy(this.model.gpu)}};function ng(e){return{adapter:e.facts,checkStorage:t=>or(e,t),watchMemory:()=>(e.peakBytes=e.liveBytes,()=>e.peakBytes),checkProfiling:()=>Qa(e.device),profiler:()=>Z1(e),need:(t,r)=>({...zs(Lt(t),r),largestBuffer:e.largestBuffer}),load:async({config:t,configText:r,weights:n,adapter:o},s)=>rg(await cm(e,r??t,n,{...s,adapter:o})),create:(t,r,n)=>rg(Jr.create(e,Lt(t),r,n))}}async function Z1(e){let t=await sh(e),r=new Ur(e.device);return await r.calibrate(),{roofline:t,time:n=>{e.profiler=r;try{n()}finally{e.profiler=void 0}},read:async()=>{await e.settle();let n=await r.read(),o=e.arena(0).size;return{...n,arenaBytes:o,textureBytes:e.sharedBytes-o,liveBytes:e.liveBytes}},destroy:()=>r.destroy()}}function rg(e){let t=r=>{let n=e.parameters.modules.get(r),o=0;for(let{offset:s,size:i}of e.parameters.places.values())s>=n.start&&s<n.end&&(o+=i);return o};return{imageTokens:e.imageTokens,imageSize:e.imageSize,maxPositions:e.maxPositions,parameters:{vision:t("vision"),projector:t("projector"),language:t("language")},lora:e.lora&&{parameters:t(te),addedTo:e.addedTo},stepNeed:({frozen:r,storage:n,checkpointActivations:o=!1},s)=>{let i=new Set(Fs(e,r));return Jm({model:e,trainable:i,storage:n,checkpointActivations:o},s)},encodeNeed:r=>um(e,r),answerNeed:(r,n)=>Lm(e,r,n),encodeImages:r=>fm(e,r),trainer:r=>new Ys(e,r),generate:(r,n)=>Pm(e,r,n),session:()=>new qs(e),save:(r,n={})=>e.lora?jm(e,r,n.base):lc(e,r,n),destroy:()=>e.destroy()}}function og({tasks:e,samples:t,pictures:r}){return{tasks:e,samples:t,picture(n,o){let{tiles:s,grid:i}=r[n];return{tiles:s.map(a=>o.normalise(Uint8Array.fromBase64(a))),grid:i}}}}var sg={c:"01110 10001 10000 10000 10000 10001 01110",e:"11111 10000 10000 11110 10000 10000 11111",h:"10001 10001 10001 11111 10001 10001 10001",j:"00111 00010 00010 00010 00010 10010 01100",k:"10001 10010 10100 11000 10100 10010 10001",l:"10000 10000 10000 10000 10000 10000 11111",m:"10001 11011 10101 10101 10001 10001 10001",o:"01110 10001 10001 10001 10001 10001 01110",p:"11110 10001 10001 11110 10000 10000 10000",s:"01111 10000 10000 01110 00001 00001 11110",t:"11111 00100 00100 00100 00100 00100 00100",u:"10001 10001 10001 10001 10001 10001 01110",v:"10001 10001 10001 10001 01010 01010 00100",x:"10001 10001 01010 00100 01010 10001 10001",y:"10001 10001 01010 00100 00100 00100 00100",z:"11111 00001 00010 00100 01000 10000 11111"},cr=Object.keys(sg),eE=new Map(Object.entries(sg).map(([e,t])=>[e,Uint8Array.from(t.replaceAll(" ",""),r=>Number(r))]));function ig(e){let t=eE.get(e);if(t===void 0)throw new RangeError(`letterDots: expected one of ${cr.join(" ")}, found ${JSON.stringify(e)}`);return t}var Qs={red:[222,38,38],green:[30,160,62],blue:[42,78,226],yellow:[246,214,26],purple:[164,54,196],black:[28,28,30]},pe=Object.keys(Qs),Ne=["circle","square","triangle","cross","ring"],ur={small:7,large:12},Zn=Object.keys(ur),nn=9,ag=3,tE=[["yellow","cross"],["purple","ring"],["green","triangle"]];function on(e,t){return tE.some(([r,n])=>r===e&&n===t)}var Ac=["top","middle","bottom"],Oc=["left","centre","right"],rE=4,nE=2;function ug(e,t){return Math.min(2,Math.floor((e+t)/2/(32/3)))}function ze(e){return ug(e[1],e[3])}function ge(e){return ug(e[0],e[2])}function lr(e){return`${Ac[ze(e)]} ${Oc[ge(e)]}`}function cg(e){let t=[];for(let r=0;r+e<=32;r+=rE){let n=r+e/2;[32/3,2*32/3].every(s=>Math.abs(n-s)>=nE)&&t.push(r)}return t}var Tc={small:cg(ur.small),large:cg(ur.large)};function Mc(e,t){return e[2]<t[0]||t[2]<e[0]||e[3]<t[1]||t[3]<e[1]}var Nc=Zn.map(e=>Tc[e].map(t=>Tc[e].map(r=>[t,r,t+ur[e],r+ur[e]]))),fg=new Map(Nc.flatMap((e,t)=>e.flat().map(r=>[r,pe.map(n=>Ne.map(o=>({colour:n,shape:o,size:Zn[t],box:r})))])));function dg(e,t,r){return fg.get(e)[t][r]}var oE=new Map([...fg.keys()].map(e=>[e,3*ze(e)+ge(e)]));function Cc({box:e}){return oE.get(e)}var sE=pe.map(e=>Array.from({length:nn},(t,r)=>({colour:e,value:r+1})));function pg(e,t){return sE[e][t-1]}var lg=new WeakMap;function Ic(e){let t=lg.get(e);return t===void 0&&(t="value"in e?`bar ${e.colour} ${e.value}`:`${e.colour} ${e.shape} ${e.size} ${e.box.join(" ")}`,lg.set(e,t)),t}function hg({objects:e,sign:t,bars:r}){let n=e.map(Ic);t!==void 0&&n.push(`sign ${t.letters.join("")} ${t.box.join(" ")}`);for(let o of r)n.push(Ic(o));return n}function Zs(e){return hg(e).join("|")}function mg(e){let t=2166136261,r=o=>t=Math.imul(t^o,16777619);for(let[o,s]of hg(e).entries()){o>0&&r(iE);for(let i=0;i<s.length;i++)r(s.charCodeAt(i))}t=Math.imul(t^t>>>15,739982445);let n=((t^t>>>12)>>>0)%10;return n===0?"test":n===1?"val":"train"}var iE=124;var sn=8,an=3,Rc=8,gg=1;function wg(e,t={}){let r=t.letters??[2,3],[n,o]=r;if(!(n>=1&&o<=2*an&&n<=o&&r.every(Number.isInteger)))throw new RangeError(`generateScene: expected the letters of a sign as least and most from 1 to 6, found ${r}`);for(;;){let s=t.kind??e.pick(["objects","objects","sign","chart"]),i=s==="sign"?cE(e,r):void 0,a={kind:s,objects:s==="chart"?[]:aE(e,i,t.heldOut??!1),...i===void 0?{}:{sign:i},bars:s==="chart"?pE(e):[],background:[196+e.int(24),196+e.int(24),196+e.int(24)],noise:e.int(4294967296)};if(t.split===void 0||mg(a)===t.split)return a}}function aE(e,t,r){let n=t===void 0?2+e.int(3):1+e.int(2),o=[];for(let s=0;o.length<n;s++){s===60&&(o.length=0,s=0);let i=e.pick(e.pick(e.pick(Nc)));if(t!==void 0&&!Mc(i,t.box)||o.some(f=>!Mc(i,f.box)))continue;let a=dg(i,e.int(pe.length),e.int(Ne.length)),{colour:c,shape:u}=a;!r&&on(c,u)||o.some(f=>f.colour===c&&f.shape===u)||o.push(a)}return o.sort((s,i)=>Cc(s)-Cc(i))}function cE(e,[t,r]){let n=e.shuffle([...cr]).slice(0,t+e.int(r-t+1)),{columns:o,rows:s}=uE(n.length),i=e.int(o),a=e.int(s);return lE(n,i,a)}function _g(e){return{width:Math.min(e,an)*sn,height:Math.ceil(e/an)*Rc+1}}function uE(e){let{width:t,height:r}=_g(e),n=o=>Math.floor((32-o)/sn)+1;return{columns:n(t),rows:n(r)}}function lE(e,t,r){let{width:n,height:o}=_g(e.length),s=sn*t,i=sn*r;return{letters:e,box:[s,i,s+n,i+o]}}var fE=[...pe.keys()],dE=Array.from({length:nn},(e,t)=>t+1);function pE(e){let t=e.shuffle(fE.slice()).slice(0,3+e.int(2)),r=e.shuffle(dE.slice());return t.map((n,o)=>pg(n,r[o]))}var hE=400;function mE(e,t,r){let{count:n,seen:o}=r,s=r.turns??e.turns,i=gE(e,n*s,t),a=Array.from({length:s},(d,p)=>t.shuffle(i.slice(p*n,(p+1)*n))),c=Array.from({length:n},(d,p)=>a.map(h=>h[p])),u=new Array(n).fill(void 0),f=Array.from({length:n},(d,p)=>n-1-p),l=0;for(;f.length>0;){let d=f.pop(),p=wE(e,c[d],t,r);if(p!==void 0){u[d]=p,o.add(Zs(p.scene));continue}if(++l>20+2*n)throw new ee(`scenes, task ${e.name}, split ${r.split}: found no scene for `+c[d].map(({template:_,key:y})=>`${_.name} ${y}`).join(" + ")+` after ${l} plans; expected a task that its templates can fill: ask for fewer conversations`);f.push(d);let h=t.int(n);if(h===d)continue;let[g,m]=[t.int(s),t.int(s)];[c[d][g],c[h][m]]=[c[h][m],c[d][g]];let w=u[h];w!==void 0&&(o.delete(Zs(w.scene)),u[h]=void 0,f.push(h))}return u.map(d=>d)}var ei=1e4;function*bg(e,t,r){let{count:n}=r;for(let o=0;o<n;o+=ei){let s=n<=ei?t:t.fork(`block ${o/ei}`);yield mE(e,s,{...r,count:Math.min(ei,n-o)})}}function gE(e,t,r){let n=e.templates.reduce((c,{share:u})=>c+u,0),o=e.templates.map(({share:c})=>t*c/n),s=o.map(Math.floor),i=o.map((c,u)=>({i:u,rest:c-s[u]})).sort((c,u)=>u.rest-c.rest),a=t-s.reduce((c,u)=>c+u,0);for(let{i:c}of i.slice(0,a))s[c]++;return e.templates.flatMap((c,u)=>{let f=c.keys.length===0?[""]:r.shuffle([...c.keys]),l=Array.from({length:s[u]},(d,p)=>({template:c,key:f[p%f.length]}));return r.shuffle(l)})}function wE(e,t,r,{split:n,seen:o}){let{kind:s}=t[0].template,i=t.toSorted((c,u)=>c.template.share-u.template.share),a={kind:s,split:n,heldOut:e.heldOut??!1,...e.letters!==void 0&&{letters:e.letters}};for(let c=0;c<hE;c++){let u=wg(r,a),f=[];for(let{template:l,key:d}of i){let p=l.questions(u).filter(h=>h.key===d&&f.every(g=>g.question.question!==h.question&&(h.subject===void 0||g.question.subject!==h.subject)));if(p.length===0||f.length===0&&o.has(Zs(u)))break;f.push({template:l,question:r.pick(p)})}if(!(f.length<t.length))return r.shuffle(f).sort((l,d)=>Number(l.template.last??!1)-Number(d.template.last??!1)),{scene:u,turns:f.map(({template:l,question:{question:d,answer:p}})=>({question:d,answer:p,template:l.name}))}}}function*yg(e,t){let r=new J(e).fork("scenes"),n=new Set;for(let{task:o,sizes:s}of t)for(let i of["train","val","test"]){let a=s[i];if(a===void 0)continue;let c=i==="train"?{}:{turns:1},u=r.fork(`${o.name} ${i}`);yield{task:o,split:i,blocks:bg(o,u,{count:a,split:i,seen:n,...c})}}}var _E={caption:600,"region-caption":600,vqa:1200,gqa:1500,chart:750,reading:450,grounding:900},bE=600,vg=[{name:"default",summary:"moderately unequal sizes, 6,000 conversations",reasons:["The benchmark as it was first published; it stays as it is, so that earlier results can be compared with later ones. Its signs have two or three letters and are read whole or not at all.","Counted in answer tokens, which is what the loss counts, its largest task (caption, 14,500) has six times as many as its smallest (reading, 2,500)."],train:_E},{name:"equal",summary:"the same number of answer tokens for every task: nothing to balance",reasons:["Where nothing is out of balance, weights should change nothing. A method that gains here gains by something else than balance; one that loses shows what its noise costs.","Equal in answer tokens (about 6,000 a task, end of answer included), not in conversations: the loss is a mean over answer tokens, so that a task's share of them is its weight where all weights are 1. With equal conversations captions would have four times the weight of short answers."],train:{caption:250,"region-caption":600,vqa:1e3,gqa:1e3,chart:1e3,letters:880,grounding:600}},{name:"paper",summary:"sizes in the proportions of the paper's Academic mixture, unequal by 20 times",reasons:["The condition under which the paper reports its gains. Conversations are in proportion to the sizes in bytes of the authors' training files, as huggingface.co/datasets/YanqiDai/VisATB lists them under Academic/train: GQA 227 MB, OCRVQA 106, RefCOCO boxes 71, ChartQA 11; RefCOCO captions 65 (the file of 86 MB that adds the other tasks' small subsets, less these 21 MB). For ShareGPT4V it is the size of the original file of 100,000 captions, 134 MB. VQAv2's 100 MB are an estimate, from what is left of the whole (862 MB) beside the text-only conversations.","Bytes, because the numbers of conversations in the files' names (GQA 72,000, OCRVQA 80,000, RefCOCO boxes 41,000, ChartQA 18,000) hide that a conversation of GQA holds a dozen questions and one of ChartQA one or two, while here a conversation of either holds three."],train:{caption:1100,"region-caption":550,vqa:850,gqa:1900,chart:95,letters:900,grounding:600}},{name:"starved",summary:"three tasks with under 200 conversations beside four large ones",reasons:["The condition for which weights are made: tasks so small that a plain mean forgets them.","The three differ in what others can do for them. Captions of regions share words and looks with captions and boxes, of which there are many; charts share only colours with the rest; signs share nothing. A method that reads contributions should tell them apart, and help the third most.","All three are large enough that an eighth of them still holds fifteen conversations."],train:{caption:700,"region-caption":120,vqa:1700,gqa:2e3,chart:150,letters:180,grounding:1150}},{name:"conflict",summary:"nine tasks, two of which answer two others' questions in another convention",reasons:[`Tasks that pull apart. vqa-full asks vqa's questions about pictures of four objects and answers "red ring" where vqa answers "red" or "ring"; grounding-words asks grounding's about pictures of two objects and answers "top left" where grounding gives a box. Nothing tells which is wanted.`,"The conflict is not zero-sum, or no weights could pay: a model that gives in to vqa-full on pictures of four objects wins all of it and loses the quarter of vqa's questions that are such; with grounding-words it is all of it for the third of grounding's.","Counted where they clash, by the first question of a conversation, the larger task has a little more than twice as many as the smaller: with equal weights the larger wins, at equal counts luck would, and the paper's band of weights (0.5 to 2) is wide enough to turn it round. So a method can gain here; whether it does is the question.","A first form, in which a sign in the picture told the convention, was given up before any method was run: one tuning with equal weights never mistook the convention, so that nothing pulled apart.","Nine tasks in place of seven also ask more of the same small model."],train:{caption:400,"region-caption":400,vqa:1600,gqa:900,chart:500,letters:400,grounding:1200,"vqa-full":220,"grounding-words":160}}];function yE(e){let t=vg.find(r=>r.name===e);if(t!==void 0)return t;throw new b(`--mixture: expected one of ${vg.map(r=>r.name).join(", ")}, found "${e}"`)}function Lc(e,t={}){let{scale:r=1,least:n=1,control:o=!1}=t,{train:s}=yE(e);return Object.fromEntries(Object.entries(o?{...s,control:bE}:s).map(([i,a])=>[i,Math.max(n,Math.round(r*a))]))}var cn=4,vE=[250,250,250],xE=[20,20,20],$E=[90,90,90],ri={circle:(e,t)=>(e-.5)**2+(t-.5)**2<=.25,square:()=>!0,triangle:(e,t)=>Math.abs(e-.5)<=t/2,cross:(e,t)=>Math.abs(e-.5)<=.215||Math.abs(t-.5)<=.215,ring:(e,t)=>{let r=(e-.5)**2+(t-.5)**2;return r<=.25&&r>=.0625}};function kE(e,t){let r=31;return[8*e+1,r-ag*t,8*e+7,r]}function xg(e,t){if(!Number.isInteger(t)||t<1)throw new RangeError(`renderScene: expected a size of 1 pixel or more, found ${t}`);let r=new Uint8Array(t*t*3),[n,o,s]=e.background;for(let a=0;a<r.length;a+=3)r[a]=n,r[a+1]=o,r[a+2]=s;let i=(a,c,u)=>EE(r,t,a,c,u);for(let a of e.objects)i(a.box,Qs[a.colour],ri[a.shape]);for(let[a,c]of e.bars.entries())i(kE(a,c.value),Qs[c.colour],ri.square);if(e.kind==="chart"&&i([0,31,32,32],$E,ri.square),e.sign!==void 0){let{letters:a,box:[c,u]}=e.sign;i(e.sign.box,vE,ri.square);for(let[f,l]of a.entries()){let d=ig(l),p=c+f%an*sn+gg,h=u+Math.floor(f/an)*Rc+1;i([p,h,p+5,h+7],xE,(g,m)=>{let w=Math.min(6,Math.floor(m*7));return d[w*5+Math.min(4,Math.floor(g*5))]===1})}}return SE(r,e.noise),r}function EE(e,t,r,n,o){let s=t/32,i=r[0]*s,a=r[1]*s,c=(r[2]-r[0])*s,u=(r[3]-r[1])*s,f=Math.min(t,Math.ceil(i+c)),l=Math.min(t,Math.ceil(a+u));for(let d=Math.floor(a);d<l;d++)for(let p=Math.floor(i);p<f;p++){let h=0;for(let w=0;w<cn;w++){let _=(d+(w+.5)/cn-a)/u;if(!(_<0||_>1))for(let y=0;y<cn;y++){let E=(p+(y+.5)/cn-i)/c;E>=0&&E<=1&&o(E,_)&&h++}}if(h===0)continue;let g=h/(cn*cn),m=(d*t+p)*3;for(let w=0;w<3;w++)e[m+w]=Math.round(e[m+w]+g*(n[w]-e[m+w]))}}function SE(e,t){let r=t>>>0;for(let n=0;n<e.length;n++){r=Math.imul(r,1664525)+1013904223>>>0;let o=e[n]+(r>>>16)%13-6;e[n]=o<0?0:o>255?255:o}}function $g(e,t,r){let n=String(r).padStart(5,"0");return{id:`${e}-${t}-${n}`,image:`images/${e}/${t}/${n}.png`}}function un(e,t){return e.objects.filter(r=>(t.colour===void 0||r.colour===t.colour)&&(t.shape===void 0||r.shape===t.shape)&&(t.size===void 0||r.size===t.size))}function qe(e,t){return un(e,t).length===1}var kg=[["left of",(e,t)=>ge(e.box)<ge(t.box)],["right of",(e,t)=>ge(e.box)>ge(t.box)],["above",(e,t)=>ze(e.box)<ze(t.box)],["below",(e,t)=>ze(e.box)>ze(t.box)]],Eg=[["leftmost",e=>-ge(e.box)],["rightmost",e=>ge(e.box)],["highest",e=>-ze(e.box)],["lowest",e=>ze(e.box)]];function Sg(e,t){let r=Math.max(...e.objects.map(t)),n=e.objects.filter(o=>t(o)===r);return n.length===1?n[0]:void 0}function Q(e){return`${e.colour} ${e.shape}`}function Pc(e){return`a ${e.size} ${e.colour} ${e.shape}`}function Ag(e){let t=e.objects.map(r=>({at:3*ze(r.box)+ge(r.box),text:`${Pc(r)} at ${lr(r.box)}.`}));if(e.sign!==void 0){let{box:r,letters:n}=e.sign;t.push({at:3*ze(r)+ge(r),text:`a sign with ${n.join(" ")}.`}),t.sort((o,s)=>o.at-s.at)}return[...t.map(r=>r.text),...e.bars.map(AE)]}function AE(e){return`a ${e.colour} bar of height ${e.value}.`}function Bc(e,t){return{name:`caption-${e}`,share:t,kind:e,keys:[],questions:r=>[{question:"describe the image",answer:Ag(r).join(" "),key:""}]}}var Og={name:"caption",metric:"cider",turns:1,templates:[Bc("objects",.7),Bc("sign",.15),Bc("chart",.15)]};var Mg=2,OE={name:"bar-value",share:.45,kind:"chart",keys:Array.from({length:nn},(e,t)=>String(t+1)),questions:e=>e.bars.map(({colour:t,value:r})=>({question:`how high is the ${t} bar?`,answer:String(r),key:String(r),subject:t}))},TE={name:"bar-of-value",share:.15,kind:"chart",keys:pe,questions:e=>e.bars.map(({colour:t,value:r})=>({question:`what bar has height ${r}?`,answer:t,key:t,subject:t}))};function Tg(e,t,r,n){return{name:e,share:r,kind:"chart",keys:pe,questions:o=>{let[s,i]=o.bars.toSorted((c,u)=>n*(u.value-c.value));if(Math.abs(s.value-i.value)<Mg)return[];let a=s.colour;return[{question:`what bar is ${t}?`,answer:a,key:a,subject:t}]}}}var ME={name:"higher",share:.1,kind:"chart",keys:["yes","no"],questions:e=>e.bars.flatMap(t=>e.bars.filter(r=>Math.abs(t.value-r.value)>=Mg).map(r=>{let n=t.value>r.value?"yes":"no";return{question:`is the ${t.colour} bar higher than the ${r.colour} bar?`,answer:n,key:n,subject:`higher ${[t.colour,r.colour].sort().join()}`}}))},Ng={name:"chart",metric:"exact-match",turns:3,templates:[OE,TE,Tg("highest-bar","highest",.15,1),Tg("lowest-bar","lowest",.15,-1),ME]};var Cg=["and","are","look","tell"],NE=pe.flatMap(e=>Ne.filter(t=>!on(e,t)).flatMap(t=>Cg.map(r=>({question:`what has the ${e} ${t}?`,answer:r,key:r})))),Ig={name:"control",metric:"exact-match",turns:3,templates:[{name:"lot",share:1,kind:"objects",keys:Cg,questions:()=>[...NE]}]};var ni=Array.from({length:33},(e,t)=>{let r=t*100/32,n=Math.floor(r),o=r-n,s=o>.5||o===.5&&n%2===1?n+1:n;return String(s/100)});function oi(e){return`[${e.map(t=>ni[t]).join(", ")}]`}var UU=[...ni.map(e=>`[${e},`),...ni.map(e=>`${e},`),...ni.map(e=>`${e}]`)];function jc(e,t,r,n){return{name:e,share:t,kind:"objects",keys:[],questions:o=>o.objects.filter(s=>r(o,s)).map(s=>({question:`where is the ${n(s)}?`,answer:oi(s.box),key:"",subject:Q(s)}))}}var si={name:"grounding",metric:"iou",turns:2,templates:[jc("box-of-object",.5,()=>!0,Q),jc("box-of-shape",.25,(e,{shape:t})=>qe(e,{shape:t}),({shape:e})=>e),jc("box-of-colour",.25,(e,{colour:t})=>qe(e,{colour:t}),({colour:e})=>`${e} object`)]};var CE={name:"colour-of-shape",share:.2,kind:"objects",keys:pe,questions:e=>e.objects.filter(({shape:t})=>qe(e,{shape:t})).map(t=>({question:`what colour is the ${t.shape}?`,answer:t.colour,key:t.colour,subject:Q(t)}))},IE={name:"shape-of-colour",share:.2,kind:"objects",keys:Ne,questions:e=>e.objects.filter(({colour:t})=>qe(e,{colour:t})).map(t=>({question:`what shape is ${t.colour}?`,answer:t.shape,key:t.shape,subject:Q(t)}))},RE={name:"size-of-object",share:.12,kind:"objects",keys:Zn,questions:e=>e.objects.map(t=>({question:`what size is the ${Q(t)}?`,answer:t.size,key:t.size,subject:Q(t)}))},LE={name:"colour-at-place",share:.12,kind:"objects",keys:pe,questions:e=>e.objects.map(t=>({question:`what colour is at ${lr(t.box)}?`,answer:t.colour,key:t.colour,subject:Q(t)}))},PE={name:"shape-at-place",share:.1,kind:"objects",keys:Ne,questions:e=>e.objects.map(t=>({question:`what shape is at ${lr(t.box)}?`,answer:t.shape,key:t.shape,subject:Q(t)}))},BE={name:"count-objects",share:.1,kind:"objects",keys:["2","3","4"],questions:e=>{let t=String(e.objects.length);return[{question:"how many objects?",answer:t,key:t,subject:"count"}]}},Rg=["0","1","2"],jE={name:"count-colour",share:.1,kind:"objects",keys:Rg,questions:e=>pe.flatMap(t=>{let r=String(un(e,{colour:t}).length);return Rg.includes(r)?[{question:`how many ${t} objects?`,answer:r,key:r,subject:`count ${t}`}]:[]})},zE={name:"existence",share:.06,kind:"objects",keys:["yes","no"],questions:e=>{let t=new Set(e.objects.map(n=>n.colour)),r=new Set(e.objects.map(n=>n.shape));return t.size<2||r.size<2?[]:[...t].flatMap(n=>[...r].filter(o=>!on(n,o)).map(o=>{let s=un(e,{colour:n,shape:o}).length>0?"yes":"no";return{question:`is there a ${n} ${o}?`,answer:s,key:s,subject:`${n} ${o}`}}))}},ii={name:"vqa",metric:"exact-match",turns:3,templates:[CE,IE,RE,LE,PE,BE,jE,zE]};function Lg(e,t,r){return{...t,questions:n=>n.objects.length===e?t.questions(n).map(o=>r(o,n)):[]}}var qE=["colour-of-shape","shape-of-colour","colour-at-place","shape-at-place"],Pg={name:"vqa-full",metric:"exact-match",turns:1,templates:ii.templates.filter(({name:e})=>qE.includes(e)).map(e=>({...Lg(4,e,t=>({...t,answer:t.subject})),name:`${e.name}-full`}))},DE=Ac.flatMap(e=>Oc.map(t=>`${e} ${t}`)),Bg={name:"grounding-words",metric:"exact-match",turns:1,templates:si.templates.map(e=>({...Lg(2,e,(t,r)=>{let n=lr(r.objects.find(o=>Q(o)===t.subject).box);return{...t,answer:n,key:n}}),name:`${e.name}-words`,keys:DE}))};function jg(e){return e.objects.flatMap(t=>kg.flatMap(([r,n])=>{let o=e.objects.filter(s=>s!==t&&n(s,t));return o.length===1?[{words:`${r} the ${Q(t)}`,object:o[0]}]:[]}))}var WE={name:"relation-colour",share:.26,kind:"objects",keys:pe,questions:e=>jg(e).map(({words:t,object:r})=>({question:`what colour is ${t}?`,answer:r.colour,key:r.colour,subject:Q(r)}))},UE={name:"relation-shape",share:.18,kind:"objects",keys:Ne,questions:e=>jg(e).map(({words:t,object:r})=>({question:`what shape is ${t}?`,answer:r.shape,key:r.shape,subject:Q(r)}))};function zg(e){return Eg.flatMap(([t,r])=>{let n=Sg(e,r);return n===void 0?[]:[{word:t,object:n}]})}var FE={name:"extreme-colour",share:.18,kind:"objects",keys:pe,questions:e=>zg(e).map(({word:t,object:r})=>({question:`what colour is the ${t} object?`,answer:r.colour,key:r.colour,subject:Q(r)}))},KE={name:"extreme-shape",share:.14,kind:"objects",keys:Ne,questions:e=>zg(e).map(({word:t,object:r})=>({question:`what shape is the ${t} object?`,answer:r.shape,key:r.shape,subject:Q(r)}))},GE={name:"same-colour-shape",share:.08,kind:"objects",keys:Ne,questions:e=>e.objects.flatMap(t=>{let r=un(e,{colour:t.colour});if(r.length!==2||!qe(e,{shape:t.shape}))return[];let n=r.find(o=>o!==t);return[{question:`what shape has the colour of the ${t.shape}?`,answer:n.shape,key:n.shape,subject:Q(n)}]})},VE={name:"side",share:.06,kind:"objects",keys:["left","right"],questions:e=>zc(e).filter(([t,r])=>ge(t.box)!==ge(r.box)).map(([t,r])=>{let n=ge(t.box)<ge(r.box)?"left":"right";return{question:`is the ${Q(t)} left or right of the ${Q(r)}?`,answer:n,key:n,subject:`side ${[Q(t),Q(r)].sort().join()}`}})},HE={name:"larger",share:.06,kind:"objects",keys:["first","second"],questions:e=>zc(e).filter(([t,r])=>t.size!==r.size&&qe(e,{colour:t.colour})&&qe(e,{colour:r.colour})).map(([t,r])=>({question:`what is larger: ${t.colour} or ${r.colour}?`,answer:t.size==="large"?t.colour:r.colour,key:t.size==="large"?"first":"second",subject:`larger ${[t.colour,r.colour].sort().join()}`}))},JE={name:"same-size",share:.04,kind:"objects",keys:["yes","no"],questions:e=>zc(e).filter(([t,r])=>qe(e,{colour:t.colour})&&qe(e,{colour:r.colour})).map(([t,r])=>{let n=t.size===r.size?"yes":"no";return{question:`has ${t.colour} the size of ${r.colour}?`,answer:n,key:n,subject:`same-size ${[t.colour,r.colour].sort().join()}`}})};function zc(e){return e.objects.flatMap(t=>e.objects.filter(r=>r!==t).map(r=>[t,r]))}var qg={name:"gqa",metric:"exact-match",turns:3,templates:[WE,UE,FE,KE,GE,VE,HE,JE]};var XE=[2,5],YE={name:"spell",share:.5,kind:"sign",keys:[],last:!0,questions:({sign:e})=>e===void 0?[]:[{question:"what does the sign say?",answer:e.letters.join(" "),key:"",subject:"sign"}]},QE={name:"letter-at",share:.4,kind:"sign",keys:cr,questions:({sign:e})=>(e?.letters??[]).map((t,r)=>({question:`what is letter ${r+1}?`,answer:t,key:t,subject:`letter ${r+1}`}))},ZE={name:"count-letters",share:.1,kind:"sign",keys:["2","3","4","5"],questions:({sign:e})=>{let t=String(e?.letters.length);return e===void 0?[]:[{question:"how many letters?",answer:t,key:t,subject:"count"}]}},Dg={name:"letters",metric:"anls",turns:2,letters:XE,templates:[YE,QE,ZE]};var e2={name:"whole-sign",share:.5,kind:"sign",keys:[],last:!0,questions:({sign:e})=>e===void 0?[]:[{question:"what does the sign say?",answer:e.letters.join(" "),key:"",subject:"sign"}]};function Wg(e,t,r){return{name:e,share:.25,kind:"sign",keys:cr,questions:({sign:n})=>{let o=n?.letters.at(r);return o===void 0?[]:[{question:`what is the ${t} letter?`,answer:o,key:o,subject:t}]}}}var Ug={name:"reading",metric:"exact-match",turns:2,templates:[e2,Wg("first-letter","first",0),Wg("last-letter","last",-1)]};var Fg={name:"region-caption",metric:"cider",turns:2,templates:[{name:"region",share:1,kind:"objects",keys:[],questions:e=>e.objects.map(t=>({question:`describe ${oi(t.box)}`,answer:Pc(t),key:"",subject:Q(t)}))}]};var t2=[Og,Fg,ii,qg,Ng,Ug,si],r2=[Dg,Pg,Bg,Ig];function Kg(e){let t=[...t2,...r2],r=t.find(n=>n.name===e);if(r!==void 0)return r;throw new b(`scenes: expected a task (${t.map(n=>n.name).join(", ")}), found "${e}"; choose one`)}var s2=0,qc={train:"train",held:"val",shown:"test"};function Gg(){let e=Object.values(Lc("default")).reduce((r,n)=>r+n,0),t=Lc("default",{scale:600/e});return Object.fromEntries(Object.entries(t).map(([r,n])=>[r,{train:n,held:6,shown:2}]))}function Vg(e){let t=Object.entries(e).map(([s,{train:i,held:a,shown:c}])=>({task:Kg(s),sizes:{...i!==void 0&&{train:i},...a!==void 0&&{val:a},...c!==void 0&&{test:c}}})),r=new Map,n={train:[],val:[],test:[]};for(let{task:s,split:i,blocks:a}of yg(s2,t)){let c=0;for(let u of a)for(let{scene:f,turns:l}of u){let{id:d,image:p}=$g(s.name,i,c++);r.set(p,f),n[i].push({id:d,task:s.name,images:[p],turns:l,file:`${s.name}_${i}`})}}let o=s=>({width:32,height:32,data:xg(r.get(s),32)});return{tasks:t.map(({task:{name:s,metric:i}})=>({name:s,metric:i})),samples:{train:n[qc.train],held:n[qc.held],shown:n[qc.shown]},image:o,picture:(s,i)=>i.picture(o(s))}}var ai="The best match with any of them counts.",Hg="An answer drawn evenly from those the question's template has in training; where they are over 100, the true answer to another question.",to="The true answer to another question of the set, averaged over up to 50 shifts.",ci={"exact-match":{label:"exact match, %",unit:"percent",right:"Equal but for case, outer spaces and one full stop at the end.",references:ai,chance:Hg,others:{"relaxed-match":"relaxed match, %",anls:"ANLS \xD7 100"},source:"as GQA, VizWiz and others count it"},"relaxed-match":{label:"relaxed match, %",unit:"percent",right:"As exact-match, or a number within 5% of the true one.",references:ai,chance:Hg,others:{"exact-match":"exact match, %"},source:"ChartQA, Masry et al. 2022"},anls:{label:"ANLS \xD7 100",unit:"percent",right:"Similar by letters: one minus the edit distance over the longer length, 0 from a half wrong on.",references:ai,chance:to,others:{"exact-match":"exact match, %"},source:"ST-VQA, Biten et al. 2019"},cider:{label:"CIDEr-D \xD7 10",unit:"cider",right:"Like its references by n-grams, those weighted more that few questions of the set have.",references:"The mean over them counts; an n-gram's weight counts the questions that have it in any of theirs.",chance:to,others:{},source:"Vedantam et al. 2015; needs two questions or more"},iou:{label:"IoU > 0.5, %",unit:"percent",right:"The first box [x1, y1, x2, y2] overlaps the true one by more than a half; no box is wrong.",references:"There is one: the true box.",chance:to,others:{"mean-iou":"mean IoU \xD7 100",unparsed:"answers without a readable box, %"},source:"PASCAL VOC, Everingham et al. 2010"},"vqa-accuracy":{label:"VQA accuracy, %",unit:"percent",right:"Given by three people or more; by two or one, in part.",references:"All count, one a person: the mean over leaving each out of min(matches among the others / 3, 1).",chance:to,others:{"exact-match":"exact match with any reference, %"},source:"VQA, Antol et al. 2015, official evaluation"},"multiple-choice":{label:"multiple choice, %",unit:"percent",right:"Names the true option, by its letter or by its text.",references:ai,chance:to,others:{unparsed:"answers that name no option, %"},source:"as ScienceQA, MMBench and others count it"}},Wc=Object.keys(ci);function Uc(e,t){let r=Array.from(e.trim().toLowerCase().replace(/\s+/g," ")),n=Array.from(t.trim().toLowerCase().replace(/\s+/g," ")),o=Math.max(r.length,n.length);if(o===0)return 1;if(2*Math.min(r.length,n.length)<=o)return 0;let s=i2(r,n)/o;return s<.5?1-s:0}function i2(e,t){let r=Uint32Array.from({length:t.length+1},(n,o)=>o);for(let n=1;n<=e.length;n++){let o=e[n-1],s=n-1,i=n;r[0]=n;for(let a=1;a<=t.length;a++){let c=r[a],u=s+(o===t[a-1]?0:1);i=Math.min(u,c+1,i+1),s=c,r[a]=i}}return r[t.length]}var ui=/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}ーｰ]/u;var ro=4,a2=6,c2=new RegExp(String.raw`${ui.source}\p{M}*|(?:(?!${ui.source}).)+`,"gu");function Jg(e){return(e.toLowerCase().match(/[\p{L}\p{M}\p{N}]+(?:(?:['’-]|(?<=\p{N})[.,](?=\p{N}))[\p{L}\p{M}\p{N}]+)*/gu)??[]).flatMap(r=>ui.test(r)?(r.match(c2)??[]).map(n=>n.replace(/^['’.,-]+|['’.,-]+$/g,"")).filter(n=>n!==""):r)}function Qg(e){if(e.length===0)throw new b("cider: expected one caption or more, found none");let t=u2(e.map((n,o)=>{if(n.references.length>0)return n.references;throw new b(`cider, item ${o+1}: expected a reference, found none`)})),r=e.map((n,o)=>l2(t.weigh(n.prediction),t.items[o]));return{score:Zg(r),perItem:r}}function u2(e){let t=e.map(o=>o.map(s=>Xg(Jg(s)))),r=new Map;for(let o of t){let s=new Set(o.flatMap(i=>[...i.keys()]));for(let i of s)r.set(i,(r.get(i)??0)+1)}let n=Math.log(e.length);return{items:t.map(o=>o.map(s=>Yg(s,r,n))),weigh:o=>Yg(Xg(Jg(o)),r,n)}}function l2(e,t){return 10*Zg(t.map(r=>f2(e,r)))}function Zg(e){return e.reduce((t,r)=>t+r,0)/e.length}function Xg(e){let t=new Map;for(let r=1;r<=ro;r++)for(let n=0;n+r<=e.length;n++){let o=e.slice(n,n+r).join(" ");t.set(o,(t.get(o)??0)+1)}return t}function Yg(e,t,r){let n=Array.from({length:ro},()=>new Map),o=Array.from({length:ro},()=>0),s=0;for(let[i,a]of e){let c=i.split(" ").length-1,u=a*(r-Math.log(Math.max(1,t.get(i)??0)));n[c].set(i,u),o[c]+=u*u,c===1&&(s+=a)}return{weights:n,norms:o.map(Math.sqrt),length:s}}function f2(e,t){let r=Math.exp(-((e.length-t.length)**2)/(2*a2**2)),n=0;for(let o=0;o<ro;o++){let s=e.norms[o]*t.norms[o];if(s===0)continue;let i=0;for(let[a,c]of e.weights[o]){let u=t.weights[o].get(a)??0;i+=Math.min(c,u)*u}n+=i/s}return r*n/ro}function ln(e){return e.trim().toLowerCase().replace(/\.$/,"").trimEnd()}function fr(e,t){return ln(e)===ln(t)?1:0}var d2=[/(?:^|\n)[ \t]*([A-Z])[.):][ \t]*(?=\S)/g,/(?<![\p{L}\p{N}])\(([A-Z])\)\s*(?=\S)/gu,/(?<!\S)([A-Z])[.):]\s+(?=\S)/g];function p2(e){for(let t of d2){let r=new Map,n=[...e.matchAll(t)],o=[],s=i=>{o.length<2||(r=new Map(o.map((a,c)=>{let u=e.slice(a.index+a[0].length,o[c+1]?.index??i);return[a[1],u.split(`
`)[0].trim().replace(/[,;]?(?:\s+(?:or|and))?$/,"")]})))};for(let i of n)i[1]===g2(o.length)?o.push(i):i[1]==="A"&&(s(i.index),o=[i]);if(s(e.length),r.size>0)return r}return new Map}function ew(e,t=new Map){let r=e.trim(),n=f=>{let l=f?.toUpperCase();return l!==void 0&&(t.size===0||t.has(l))?l:null},o=/^[(["'*]*([A-Za-z])[)\].:,;"'*]*$/.exec(r),s=tw.test(r)?null:n(o?.[1]??(/^\(([A-Za-z])\)[.:,]?(?=\s|$)/.exec(r)??/^([A-Za-z])[.):](?=\s)/.exec(r)??/^([A-Z])(?:\s+[-–—]|,)\s/.exec(r)??/^([A-Z])[).:](?=[^\s.]{2})/.exec(r))?.[1]);if(s!==null)return s;let i=rw(r,t);if(i!==null)return i;let a=[...r.matchAll(h2)],c=a.findLast(([f])=>/^answer/i.test(f))??a.at(-1);if(c!==void 0){let f=r.slice(c.index+c[0].length),l=tw.test(f)?null:n((/^\(?([a-zA-Z])\)(?![\p{L}\p{N}])/u.exec(f)??m2(f))?.[1]);if(l!==null)return l;let d=rw(f.split(`
`)[0],t);if(d!==null)return d}let u=new Set(Array.from(r.matchAll(/\(([A-Z])\)/g),([,f])=>n(f)));return u.delete(null),u.size===1?[...u][0]:null}var tw=/^\W*[A-Za-z]\W*\s(?:or|and)\s+\W*[A-Za-z](?![\p{L}\p{N}])/u,h2=new RegExp(String.raw`(?<![\p{L}\p{N}])(?:answer|option|choice)(?:\s+(?:is|are|would\s+be|should\s+be|must\s+be)(?![\p{L}\p{N}]))?`+String.raw`\s*:?\s*(?:(?:the\s+)?(?:option|choice|letter)\s+)?["'*\s]*(?=\S)`,"giu");function m2(e){return/^([B-HJ-Z])(?![\p{L}\p{N}'’])/u.exec(e)??/^([AI])(?=\s*$|[).,:;"*!?\]]|\s+(?:[-–—(]|because\b|as\b|since\b))/.exec(e)}function rw(e,t){let r=no(e),n=[...t].filter(([o,s])=>s!==""&&(r===no(s)||r===`${o.toLowerCase()} ${no(s)}`));return n.length===1?n[0][0]:null}function no(e){return ln(e).replace(/\s+/g," ")}function g2(e){return String.fromCharCode(65+e)}function nw(e,t,r=""){let n=p2(r),o=ew(e,n),s=ew(t,n),i=no(e)===no(t);return{right:(s===null||o===null?i:o===s)?1:0,parsed:o!==null||i}}function Fc(e,t){let r=ow(e),n=ow(t);return r===null||n===null?fr(e,t):Math.abs(r-n)<=.05*Math.abs(n)*(1+1e-12)?1:0}function ow(e){let t=/^([-+]?)\$?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(e[-+]?\d+)?\s*(%?)$/.exec(ln(e));if(t===null)return null;let r=+`${t[1]}${t[2].replaceAll(",","")}${t[3]??""}`;return t[4]==="%"?r/100:r}var w2=`ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't
  haven't he'd he'd've he's how'd how'll how's isn't it'd it'd've it'll ma'am mightn't mightn't've might've mustn't
  must've needn't not've o'clock oughtn't 'ow's'at shan't she'd've should've shouldn't shouldn't've somebody'd've
  somebody'll somebody's someone'd someone'd've someone'll someone's something'd something'd've something'll that's
  there'd there'd've there're there's they'd they'd've they'll they're they've 'twas wasn't we'd've we've weren't
  what'll what're what's what've when's where'd where's where've who'd who'd've who'll who's who've why'll why're
  why's won't would've wouldn't wouldn't've y'all y'all'll y'all'd've you'd you'd've you'll you're you've`.split(/\s+/),_2="zero one two three four five six seven eight nine ten".split(" "),b2=new Set(["a","an","the"]),y2=Array.from(';/[]"{}()=+\\_-><@`,?!'),v2=new Map([...w2.flatMap(e=>Array.from(e.matchAll(/'/g),({index:t})=>[e.slice(0,t)+e.slice(t+1),e])),["somebody'd","somebodyd"],..._2.map((e,t)=>[e,String(t)]),["none","0"]]),x2=3;function sw(e){let t=e.replace(/[\n\t]/g," ").trim(),r=/\d,\d/.test(t),n=t;for(let s of y2){let i=r||t.includes(s+" ")||t.includes(" "+s);n=n.replaceAll(s,i?"":" ")}return n.replace(/\.(?!\d)/g,"").toLowerCase().split(/\s+/).filter(s=>s!==""&&!b2.has(s)).map(s=>v2.get(s)??s).join(" ")}function iw(e,t){let r=t.length;if(r===0)throw new RangeError("vqaAccuracy: expected one reference or more, found none");let n=sw(e),o=t.filter(i=>sw(i)===n).length;if(r===1)return o;let s=Math.min(x2,r-1);return(o*Math.min(o-1,s)+(r-o)*Math.min(o,s))/(r*s)}function aw(e,t){if(t.length===0)throw new b(`${e}: expected one answer or more to score, found none`);if(!Wc.includes(e))throw new b(`expected a metric (${Wc.join(", ")}), found ${JSON.stringify(e)}`);let r=t.map((s,i)=>{let a=s.references??[s.truth];if(a.length>0)return a;throw new b(`${e}, ${Kc(s,i)}: expected one reference or more, found none; give its truth`)}),n=s=>t.map((i,a)=>100*Math.max(...r[a].map(c=>s(i.prediction,c)))),o=(s,i)=>{let a=wt(s);return{metric:e,score:a,unit:ci[e].unit,points:a,perItem:s,others:i}};switch(e){case"exact-match":return o(n(fr),{"relaxed-match":wt(n(Fc)),anls:wt(n(Uc))});case"relaxed-match":return o(n(Fc),{"exact-match":wt(n(fr))});case"anls":return o(n(Uc),{"exact-match":wt(n(fr))});case"cider":{let s=Qg(t.map(({prediction:a},c)=>({prediction:a,references:r[c]}))),i=s.perItem.map(a=>10*a);return{metric:e,score:s.score,unit:ci.cider.unit,points:10*s.score,perItem:i,others:{}}}case"iou":{let s=t.map((i,a)=>{let[c,u]=r[a],f=mr(c,i.box);if(f===null)throw new b(`iou, ${Kc(i,a)}: expected a true answer ${eu(i.box)}, found ${JSON.stringify(c)}`);if(u!==void 0)throw new b(`iou, ${Kc(i,a)}: expected one true box, found ${r[a].length}; keep one of them`);let l=mr(i.prediction,i.box);return l===null?null:tu(l,f)});return o(s.map(i=>i!==null&&i>.5?100:0),{"mean-iou":100*wt(s.map(i=>i??0)),unparsed:100*wt(s.map(i=>i===null?1:0))})}case"vqa-accuracy":return o(t.map(({prediction:s},i)=>100*iw(s,r[i])),{"exact-match":wt(n(fr))});case"multiple-choice":{let s=t.map(({prediction:i,question:a},c)=>r[c].map(u=>nw(i,u,a)));return o(s.map(i=>i.some(({right:a})=>a===1)?100:0),{unparsed:100*wt(s.map(i=>i.some(({parsed:a})=>a)?0:1))})}}}function Kc(e,t){return e.id??`item ${t+1}`}function wt(e){return e.reduce((t,r)=>t+r,0)/e.length}function cw(e,t,r,n){return e.map(o=>{let{grids:s}=r.get(o.sample),{ids:i,images:a}=t.promptOf(o.sample,o.turn,s,{maxTokens:n}),c=f=>s[o.sample.images.indexOf(f)],u=a.reduce((f,l)=>f+Mr(c(l)),0);return{...o,prompt:i,images:a,tiles:u}})}var $2=64;async function uw(e,t,r){let n=performance.now(),{together:o=$2}=r,s=[],i=[];for(let{task:a,metric:c,questions:u,maxNewTokens:f}of t){let l=u.map(({prompt:_,images:y},E)=>({index:E,ids:_,images:y}));l.sort((_,y)=>_.ids.length-y.ids.length||_.index-y.index);let d=new Array(u.length).fill(""),p=0,h=_=>r.ready?.(l.slice(_,_+o).flatMap(({images:y})=>y)),g=h(0),m;try{for(let _=0;_<l.length;_+=o){if(r.signal?.aborted===!0)throw new Je(`stopped while answering questions of ${a}`);let y=performance.now(),E=l.slice(_,_+o);[m,g]=[g,h(_+o)],await m?.done;let x=E.map(({ids:M,images:F})=>({ids:M,images:F.flatMap(r.features)})),v=e.maxPositions-E.at(-1).ids.length,A=Math.max(1,Math.min(f,v)),I=await e.generate(x,{maxNewTokens:A,stops:r.stops,batchSize:o});for(let[M,{index:F}]of E.entries())d[F]=r.tokenizer.decode(I[M]).trim(),I[M].length>=A&&p++;m?.release(),r.progress?.(E.length,(performance.now()-y)/1e3),await new Promise(M=>setTimeout(M,0))}}finally{g?.done.catch(()=>{}),g?.release(),m?.release()}let w=aw(c,u.map(({sample:_,question:y,truth:E,references:x,box:v},A)=>({prediction:d[A],truth:E,...x===void 0?{}:{references:x},...v===void 0?{}:{box:v},question:y,id:_.id})));s.push({task:a,metric:c,score:w.points,questions:u.length,others:w.others,maxNewTokens:f,unfinished:p});for(let[_,{sample:y,turn:E}]of u.entries())i.push({id:y.id,task:a,turn:E,answer:d[_],score:w.perItem[_]})}return{scores:s,answers:i,seconds:(performance.now()-n)/1e3}}function lw(e){return ff(e)+4}function fw(e,t){let r=new Set;return e.flatMap(n=>n.turns.flatMap(({question:o,answer:s,references:i,template:a},c)=>i!==void 0&&r.has(i)?[]:(i!==void 0&&r.add(i),{sample:n,turn:c,question:o,truth:s,...i===void 0?{}:{references:i},...a===void 0?{}:{template:a},...t===void 0?{}:{box:t}})))}function dw(e,t=33554432){return Math.max(1,Math.floor(t/(3*e**2*4)))}async function*pw(e,t,r){let n=[],o=[],s=[],i=async a=>{o.push(...await e(n.slice(0,a))),n=n.slice(a);let c=[],u=0;for(;s.length>c.length&&u+s[c.length]<=o.length;){let f=s[c.length];c.push(o.slice(u,u+f)),u+=f}return s=s.slice(c.length),o=o.slice(u),c};for await(let a of t)for(n.push(...a),s.push(a.length);n.length>=r;){let c=await i(r);c.length>0&&(yield c)}n.length>0&&(yield await i(n.length))}function Gc(e,t){let{vision:r,language:n}=e;return{architectures:["LlavaForConditionalGeneration"],model_type:"llava",image_token_index:3,image_seq_length:(e.image/e.patch)**2,projector_hidden_act:"gelu",multimodal_projector_bias:!0,vision_feature_layer:-1,vision_feature_select_strategy:"default",tie_word_embeddings:!0,torch_dtype:"float32",vision_config:{model_type:"clip_vision_model",hidden_size:r.width,intermediate_size:r.mlp,num_hidden_layers:r.layers,num_attention_heads:r.heads,num_channels:3,image_size:e.image,patch_size:e.patch,projection_dim:r.width,hidden_act:"quick_gelu",layer_norm_eps:1e-5},text_config:{model_type:"llama",vocab_size:t,hidden_size:n.width,intermediate_size:n.mlp,num_hidden_layers:n.layers,num_attention_heads:n.heads,num_key_value_heads:n.keyValueHeads,head_dim:n.width/n.heads,max_position_embeddings:e.positions,rms_norm_eps:1e-5,rope_theta:1e4,hidden_act:"silu",attention_bias:!1,mlp_bias:!1,tie_word_embeddings:!0,bos_token_id:1,eos_token_id:2,pad_token_id:0}}}var k2={name:"tiny",description:"0.3 M parameters, 32x32 images: minutes on two CPU cores (its base checkpoint ships)",imageSize:32,checkpoint:"data/base",tune:{...gt,batch:8,microBatch:8,learningRate:.002,warmup:.05,frozen:["vision"],mini:1/8,large:1/2,validationLimit:200,testLimit:null,maxTokens:2048},pretrain:{...gt,schedule:"linear",steps:8e3,batch:32,learningRate:.003,warmup:.02,maxTokens:1024},config:e=>Gc({image:32,patch:8,vision:{width:64,layers:2,heads:4,mlp:256},language:{width:64,layers:4,heads:4,keyValueHeads:2,mlp:176},positions:2048},e)},E2={name:"small",description:"8 M parameters, 64x64 images: for a GPU (make its base with: deno task pretrain --preset small)",imageSize:64,checkpoint:"data/base-small",tune:{...gt,batch:32,microBatch:32,learningRate:5e-4,warmup:.03,frozen:["vision"],mini:1/8,large:1/2,validationLimit:300,testLimit:null,maxTokens:1024},pretrain:{...gt,schedule:"linear",steps:6e4,batch:64,learningRate:.001,warmup:.02,weightDecay:.01,maxTokens:1024},config:e=>Gc({image:64,patch:8,vision:{width:256,layers:4,heads:8,mlp:1024},language:{width:256,layers:6,heads:8,keyValueHeads:4,mlp:704},positions:2048},e)},S2={name:"base",description:"100 M parameters, 224x224 images: for a large GPU (make its base with: deno task pretrain)",imageSize:224,checkpoint:"data/base-base",tune:{...gt,batch:32,microBatch:8,learningRate:1e-4,warmup:.03,frozen:["vision"],mini:1/8,large:1/2,validationLimit:500,testLimit:null,maxTokens:1024},pretrain:{...gt,schedule:"linear",steps:1e5,batch:64,learningRate:4e-4,warmup:.02,weightDecay:.05,maxTokens:1024},config:e=>Gc({image:224,patch:16,vision:{width:512,layers:8,heads:8,mlp:2048},language:{width:768,layers:10,heads:12,keyValueHeads:4,mlp:2048},positions:2048},e)},hw=[k2,E2,S2];function mw(e){let t=hw.find(r=>r.name===e);if(t===void 0){let r=hw.map(n=>n.name).join(", ");throw new b(`preset: expected one of ${r}, found "${e}"`)}return t}var fn=mw("tiny").tune;async function gw(e,t,r,n={}){let{format:o,processor:s}=t,i={maxTokens:fn.maxTokens},{train:a,held:c,shown:u}=r.samples,f=new Map;for(let m of new Set([...a,...c,...u].flatMap(({images:w})=>w)))f.set(m,r.picture(m,s));let l=new Map;for(let m of[...a,...c,...u]){let w=m.images.map(_=>f.get(_).grid);l.set(m,{...o.encode(m,w,i),grids:w})}let d=await A2(e,t,f,n),p=new Map(r.tasks.map(({name:m},w)=>[m,w])),h=m=>r.samples[m].map(w=>{let{ids:_,mask:y}=l.get(w),E=w.images.flatMap(x=>d.get(x));return{id:`${w.task}/${w.id}`,task:p.get(w.task),ids:_,mask:y,images:E}}),g=r.tasks.map(({name:m,metric:w,box:_})=>{let y=v=>v.filter(({task:A})=>A===m),E=fw(y(u),_).sort((v,A)=>v.turn-A.turn).slice(0,2),x=lw(y(a).map(v=>l.get(v)));return{task:m,metric:w,questions:cw(E,o,l,i.maxTokens),maxNewTokens:x}});return{tasks:r.tasks.map(({name:m})=>m),sequences:h("train"),held:ar(Xs(h("held"),fn.microBatch),r.tasks.length),questions:g,features:m=>d.get(m)}}async function A2(e,t,r,{seen:n,signal:o}){let s=await e.load(t,{trainable:[]});try{let i=async function*(){for(let{tiles:l}of r.values())yield await Promise.resolve(l)},a=l=>s.encodeImages(l),c=new Map,u=[...r.keys()],f=Math.min(O2,dw(s.imageSize));for await(let l of pw(a,i(),f)){if(o?.aborted===!0)throw new Je("stopped while pictures were looked at");for(let d of l)c.set(u[c.size],d);n?.(c.size,u.length)}return c}finally{s.destroy()}}var O2=128;function ww(e,t,r){let n=new J(r),o=[],s=i=>{for(;o.length<=i;){let a=o.length,c=n.fork(`round ${a}`).shuffle(Array.from({length:e},(d,p)=>p)),u=Math.floor(a*e/t)*t,f=Math.floor(u/e),l=new Set(f<a&&u>f*e?o[f].slice(u%e):[]);o.push([...c.filter(d=>!l.has(d)),...c.filter(d=>l.has(d))])}return o[i]};return{draw:i=>Array.from({length:t},(a,c)=>{let u=i*t+c;return s(Math.floor(u/e))[u%e]})}}function _w(e,t){let{batchSize:r,groupBatches:n=1}=t;for(let[c,u]of[["batchSize",r],["groupBatches",n]])if(!Number.isInteger(u)||u<1)throw new RangeError(`planBatches: expected ${c} to be a whole number of at least 1, found ${u}`);let o=new J(t.seed),s=o.fork("order").shuffle(Array.from(e,(c,u)=>u)),i=[],a=r*n;for(let c=0;c<s.length;c+=a){let u=s.slice(c,c+a);n>1&&u.sort((f,l)=>e[f]-e[l]);for(let f=0;f<u.length;f+=r)i.push(u.slice(f,f+r))}if(n>1){let c=s.length%r===0?[]:i.splice(i.findIndex(u=>u.length<r),1);o.fork("batches").shuffle(i).push(...c)}return i}function T2(e,t){let{seed:r,epochs:n,batch:o,microBatch:s,quotas:i}=t,a=e.map(({ids:d})=>d.length),c=Math.ceil(e.length/o),u=i===void 0?()=>{}:M2(e,i,r),f,l=d=>{if(f?.pass===d)return f.batches;let p=u(d),h=_w(p?.map(g=>a[g])??a,{batchSize:o,seed:`${r}/pass-${d}`});return f={pass:d,batches:p===void 0?h:h.map(g=>g.map(m=>p[m]))},f.batches};return{steps:Math.max(1,Math.round(n*c)),step(d){let p=[...l(Math.floor((d-1)/c))[(d-1)%c]];return p.sort((h,g)=>a[h]-a[g]),Xs(p,s)}}}function M2(e,t,r){let n=t.map(()=>[]);e.forEach(({task:s},i)=>n[s].push(i));let o=n.map((s,i)=>s.length===0?void 0:ww(s.length,t[i],`${r}/mix-${i}`));return s=>o.flatMap((i,a)=>i?.draw(s).map(c=>n[a][c])??[])}function bw(e,t){let r=T2(e,t);return{steps:r.steps,step:n=>ar(r.step(n).map(o=>o.map(s=>e[s])),t.tasks)}}var N2=20;async function vw(e,t,r,n,o={}){let{tasks:s}=r;if(n.weights.length!==s.length)throw new b(`expected ${s.length} weights, one a task, found ${n.weights.length}`);let i=K("live",n.weights),a=C2(r,n),c=await e.load(t,Um(fn));try{let u=c.trainer({...Wm(Fm,fn),tasks:s.length,taskNames:s,steps:a.steps});try{await yw(u,r,o);let f=Math.max(1,Math.round(a.steps/N2));for(let l=1;l<=a.steps;l++){let d=a.step(l);u.train(d,i.weights(l,d.taskTokens));for(let p of await u.log())o.step?.(p);await I2(o.signal,`stopped after step ${l} of ${a.steps}`),(l%f===0||l===a.steps)&&await yw(u,r,o)}}finally{u.destroy()}return await $w(c,t,r,o.signal)}finally{c.destroy()}}function C2({tasks:e,sequences:t},{weights:r,steps:n,seed:o}){let s=t.filter(({task:u})=>r[u]>0),{batch:i,microBatch:a}=fn,c=n/Math.ceil(s.length/i);return bw(s,{seed:o,epochs:c,batch:i,microBatch:a,tasks:e.length})}async function xw(e,t,r,n){let o=await e.load(t,{trainable:[]});try{return await $w(o,t,r,n)}finally{o.destroy()}}async function $w(e,{tokenizer:t,stops:r},{questions:n,features:o},s){return(await uw(e,n,{tokenizer:t,stops:r,features:o,signal:s})).answers}async function yw(e,{held:t},r){let{nll:n,tokens:o}=await e.losses(t);r.look?.({step:e.step,loss:n.map((s,i)=>o[i]>0?s/o[i]:null)})}async function I2(e,t){if(await new Promise(r=>setTimeout(r,0)),e?.aborted===!0)throw new Je(t)}function kw(e){let t={},r,n=new AbortController;return async o=>{if(o.kind==="stop")return n.abort();n=new AbortController;let{signal:s}=n;o.models!==void 0&&(t={models:o.models,data:o.data});try{r??=await R2(t,e,s);let{engine:i,checkpoint:a,lesson:c}=r;for(let{name:u,...f}of o.runs){e({kind:"doing",what:`Training with ${u==="equal"?"equal weights":"your weights"}; the first steps take longer, as kernels are compiled`});let d=await vw(i,a,c,f,{step:p=>e({kind:"step",run:u,log:p}),look:p=>e({kind:"look",run:u,point:p}),signal:s});e({kind:"answers",of:u,answers:d})}e({kind:"done"})}catch(i){if(i instanceof Je)return e({kind:"stopped",what:i.message});let a=i instanceof Error?i.message:String(i);e({kind:"failed",what:a,adapter:i instanceof gr})}}}async function R2({models:e,data:t},r,n){let o=t===void 0;r({kind:"doing",what:o?"Drawing pictures and questions":"Unpacking the data"});let{texts:s,weights:i,models:a}=JSON.parse(e),[c]=await Kp({texts:s,weights:i,models:a}),{checkpoint:u}=c,f=o?Vg(Gg()):og(JSON.parse(t)),l=await Ll();try{let d=ng(l),p="Showing the pictures to the model";r({kind:"doing",what:p});let h=await gw(d,u,f,{seen:(g,m)=>r({kind:"doing",what:p,done:g,of:m}),signal:n});return r({kind:"doing",what:"Asking the model before it is trained"}),r({kind:"answers",of:"base",answers:await xw(d,u,h,n)}),{engine:d,checkpoint:u,lesson:h}}catch(d){throw l.destroy(),d}}if("document"in globalThis)Zu();else{let e=kw(t=>postMessage(t));addEventListener("message",({data:t})=>e(t))}
